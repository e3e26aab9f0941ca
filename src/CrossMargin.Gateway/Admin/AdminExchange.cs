using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Admin;

/// <summary>The exchange as the operator uses it: a refusal is thrown as <see cref="AdminProblem"/>. Thread-safe.</summary>
public sealed class AdminExchange(IExchangeGateway gateway, CommandIds ids)
{
    public IExchangeGateway Gateway => gateway;

    public VenueProfile Profile => gateway.Profile;

    public Message Account<T>(AccountId account, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Message.Of(ActorId.Client, ActorId.Of(account), ids.Next(), body);

    public Message Market<T>(MarketId market, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Message.Of(ActorId.Client, ActorId.Of(market), ids.Next(), body);

    public Message Fund<T>(in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Message.Of(ActorId.Client, ActorId.Fund, ids.Next(), body);

    /// <summary>Executes in order; the first refusal is thrown, those after it were executed all the same.</summary>
    public async Task<IReadOnlyList<CommandAnswer>> DoAsync(params IReadOnlyList<Message> commands)
    {
        IReadOnlyList<CommandAnswer> answers = await gateway.SubmitAsync(commands).ConfigureAwait(false);
        for (int i = 0; i < answers.Count; i++)
        {
            if (answers[i].Unavailable is { } reason) throw AdminProblem.Unavailable(reason);
            Refusal refusal = answers[i].Refusal;
            if (refusal.IsNone) continue;
            ActorId to = commands[i].To;
            throw AdminProblem.Refused(refusal, to.Kind == ActorKind.Market ? Profile[new MarketId(to.Number)] : null);
        }

        return answers;
    }

    /// <summary>Executes one; gives the refusal back.</summary>
    public async Task<Refusal> TryAsync(Message command)
    {
        IReadOnlyList<CommandAnswer> answers = await gateway.SubmitAsync([command]).ConfigureAwait(false);
        return answers[0].Unavailable is { } reason ? throw AdminProblem.Unavailable(reason) : answers[0].Refusal;
    }
}
