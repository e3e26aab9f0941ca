using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Funding;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// Everything a market sends and emits in a step leaves here. Only the sender of the message being handled gets his command's id back; a
/// holder whose funding is still to be sent gets it before anything else.
/// </summary>
internal sealed class MarketPost(MarketId market, FundingRun payments)
{
    private StepContext? _context;
    private AccountId _sender;

    public Timestamp Now => Context.Now;

    private StepContext Context => _context ?? throw new InvariantViolation("a market sends outside a step");

    /// <summary>Starts a step.</summary>
    public void Begin(StepContext context, ActorId from)
    {
        _context = context;
        _sender = from.Kind switch
        {
            ActorKind.Account => new AccountId(from.Number),
            ActorKind.Fund => AccountId.Fund,
            _ => AccountId.None,
        };
    }

    /// <summary>The account (or fund) whose message is being handled. Any other sender breaks the protocol.</summary>
    public AccountId Sender
    {
        get
        {
            InvariantViolation.Check(_sender != AccountId.None, "8: a market took an account's message from something else");
            return _sender;
        }
    }

    public void Send<T>(AccountId to, in T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        if (payments.IsOpen) payments.PayFirst(to, this);
        SendUnordered(to, body);
    }

    /// <summary>Sends the exchange's own doing, that no command of the receiver asked for.</summary>
    public void SendUncaused<T>(AccountId to, in T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        if (payments.IsOpen) payments.PayFirst(to, this);
        Context.Send(ActorId.Of(to), CommandId.None, body);
    }

    /// <summary>Sends without paying funding first: for the payments themselves.</summary>
    public void SendUnordered<T>(AccountId to, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Context.Send(ActorId.Of(to), to == _sender ? Context.Cause : CommandId.None, body);

    public void SendToMonitor<T>(in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Context.Send(ActorId.Monitor, CommandId.None, body);

    public void SendToSelf<T>(in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Context.Send(ActorId.Of(market), CommandId.None, body);

    public void Emit<T>(in T body)
        where T : unmanaged, IPayload<T, EventKind> =>
        Context.Emit(AccountId.None, market, body);

    public void Emit<T>(AccountId account, in T body)
        where T : unmanaged, IPayload<T, EventKind> =>
        Context.Emit(account, market, body);
}
