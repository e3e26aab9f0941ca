using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Actors;

/// <summary>
/// What an actor's step may see and do beside its own state: the time, the rules, the prices of its node, and the messages and events it
/// leaves behind. An actor takes one message and returns those it sends; it never calls another actor.
/// </summary>
public sealed class StepContext(VenueProfile profile, PriceTable prices, IRiskMonitor monitor, MessageQueue outbox, EventBuffer events)
{
    public VenueProfile Profile { get; } = profile;

    /// <summary>The node's prices; they change only by a <see cref="PriceTick"/>, never inside a cascade. Set by the host between steps.</summary>
    public PriceTable Prices { get; set; } = prices;

    public IRiskMonitor Monitor { get; } = monitor;
    public MessageQueue Outbox { get; } = outbox;
    public EventBuffer Events { get; } = events;

    /// <summary>Exchange time of the command (or input batch) being processed.</summary>
    public Timestamp Now { get; set; }

    /// <summary>The actor whose step runs.</summary>
    public ActorId Self { get; private set; }

    /// <summary>The client command behind the message being handled; what is sent carries it on.</summary>
    public CommandId Cause { get; private set; }

    /// <summary>Set by the host before each step.</summary>
    public void Begin(ActorId self, in Message message)
    {
        Self = self;
        Cause = message.Cause;
    }

    public void Send<T>(ActorId to, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Send(to, Cause, body);

    public void Send<T>(ActorId to, CommandId cause, in T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        ref Message message = ref Outbox.Add();
        message.From = Self;
        message.To = to;
        message.Cause = cause;
        message.Set(body);
    }

    public void Emit<T>(AccountId account, MarketId market, in T body)
        where T : unmanaged, IPayload<T, EventKind> =>
        Events.Add().Set(Now, Cause, account, market, body);
}
