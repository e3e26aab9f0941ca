namespace CrossMargin.Model;

/// <summary>
/// The envelope in which everything enters an exchange: when (exchange time), for whom (<see cref="Message.To"/>: the account, market or
/// fund it is for; <see cref="EveryMarket"/> for the clock), under which id (<see cref="Message.Cause"/>), and what. Time never goes
/// backwards from one command to the next.
/// </summary>
public struct Command
{
    /// <summary>The address of <see cref="AdvanceTime"/> and <see cref="JumpTime"/>: every market in id order, then the fund.</summary>
    public static readonly ActorId EveryMarket = new(ActorKind.Market, 0);

    public Timestamp Time;
    public Message Message;

    public static Command Of<T>(Timestamp time, ActorId to, CommandId id, in T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Command command = default;
        command.Time = time;
        command.Message = Message.Of(ActorId.Client, to, id, body);
        return command;
    }

    public static Command For<T>(Timestamp time, AccountId account, CommandId id, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Of(time, ActorId.Of(account), id, body);

    public static Command AdvanceTo(Timestamp time) => Of(time, EveryMarket, CommandId.None, new AdvanceTime { Now = time });

    public static Command JumpTo(Timestamp time) => Of(time, EveryMarket, CommandId.None, new JumpTime { Now = time });

    public static Command Index(Timestamp time, MarketId market, Price index, Quantity depthVolume) =>
        Of(time, ActorId.Of(market), CommandId.None, new SetIndexPrice { Market = market, Index = index, DepthVolume = depthVolume });
}
