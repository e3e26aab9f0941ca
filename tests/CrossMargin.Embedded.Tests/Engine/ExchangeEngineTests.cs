using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Tests.Toys;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.Engine;

public sealed class ExchangeEngineTests
{
    private static readonly Timestamp s_start = new(1_000);

    [Fact]
    public void Execute_OrderOfAnOpenAccount_RunsToQuiescenceAndKeepsItsEvents()
    {
        var actors = new ToyActors();
        var engine = new ExchangeEngine(TestProfiles.Simple(), actors);
        engine.Execute(Command.For(s_start, new AccountId(7), new CommandId(1), default(OpenAccount)));
        engine.Execute(Command.For(s_start, new AccountId(7), new CommandId(2), ToyCommands.Order(2, 5, 100)));

        Assert.Equal([EventKind.OrderAccepted, EventKind.Traded, EventKind.OrderFilled], Kinds(engine));
        foreach (Event e in engine.Events) Assert.Equal(new CommandId(2), e.Cause);
        var account = Assert.IsType<ToyAccount>(engine.FindAccount(new AccountId(7)));
        Assert.Equal(5, account.Filled);
        Assert.Equal(1, account.Judged);
        Assert.Equal(2, engine.Sequence);
    }

    [Fact]
    public void Execute_UnknownAccount_IsRefusedWithAnEvent()
    {
        ExchangeEngine engine = ToyCommands.NewEngine();
        engine.Execute(Command.For(s_start, new AccountId(7), new CommandId(9), ToyCommands.Order(1, 1, 1)));

        Event e = Assert.Single(engine.Events.ToArray());
        Assert.Equal(RejectReason.UnknownAccount, e.Body<CommandRefused>().Refusal.Reason);
        Assert.Equal(MessageKind.PlaceOrder, e.Body<CommandRefused>().Command);
        Assert.Equal(new AccountId(7), e.Account);
        Assert.Equal(new CommandId(9), e.Cause);
        Assert.Equal(0, engine.AccountCount);
    }

    [Fact]
    public void Execute_TimeGoingBack_ThrowsAndChangesNothing()
    {
        ExchangeEngine engine = ToyCommands.NewEngine();
        engine.Execute(Command.AdvanceTo(s_start));
        string before = engine.StateHash();

        var fault = Assert.Throws<ArgumentException>(() => engine.Execute(Command.AdvanceTo(s_start.AddMilliseconds(-1))));

        Assert.Contains("time goes back", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, engine.StateHash());
        engine.Execute(Command.AdvanceTo(s_start));
    }

    [Theory]
    [InlineData(ActorKind.Market, 4, MessageKind.SetIndexPrice)]
    [InlineData(ActorKind.Market, 0, MessageKind.SetIndexPrice)]
    [InlineData(ActorKind.Account, 0, MessageKind.Deposit)]
    [InlineData(ActorKind.Account, -1, MessageKind.Deposit)]
    [InlineData(ActorKind.Account, 1, MessageKind.SetIndexPrice)]
    [InlineData(ActorKind.Account, 1, MessageKind.Fill)]
    [InlineData(ActorKind.Fund, 0, MessageKind.Deposit)]
    [InlineData(ActorKind.Monitor, 0, MessageKind.AdvanceTime)]
    public void Objection_CommandForNobody_NamesIt(ActorKind kind, int number, MessageKind message)
    {
        ExchangeEngine engine = ToyCommands.NewEngine();
        Command command = default;
        command.Message.To = new ActorId(kind, number);
        command.Message.Kind = message;

        Assert.NotNull(engine.Objection(command));
        Assert.Throws<ArgumentException>(() => engine.Execute(command));
        Assert.Equal(0, engine.Sequence);
    }

    [Fact]
    public void Execute_BrokenInvariant_StopsTheEngineAndNamesCommandAndMessage()
    {
        var engine = new ExchangeEngine(TestProfiles.Simple(), new ToyActors { BrokenQuantity = 13 });
        engine.Execute(Command.For(s_start, new AccountId(7), new CommandId(1), default(OpenAccount)));
        Command fatal = Command.For(s_start, new AccountId(7), new CommandId(2), ToyCommands.Order(2, 13, 100));

        var stopped = Assert.Throws<EngineStoppedException>(() => engine.Execute(fatal));

        Assert.Equal(2, stopped.Sequence);
        Assert.Equal(MessageKind.PlaceOrder, stopped.Command.Message.Kind);
        Assert.Equal(MessageKind.SubmitOrder, stopped.Failing.Kind);
        Assert.Contains("2: a planted fault", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("SubmitOrder Account:7 -> Market:2", stopped.Message, StringComparison.Ordinal);
        Assert.Same(stopped, Assert.Throws<EngineStoppedException>(() => engine.Execute(Command.AdvanceTo(s_start))));
        Assert.Throws<EngineStoppedException>(() => engine.StateHash());
    }

    [Fact]
    public void ReadState_IntoANewEngine_GivesTheSameHashAndTheSameFuture()
    {
        var commands = new ToyCommands(accounts: 40);
        ExchangeEngine engine = ToyCommands.NewEngine();
        for (int i = 0; i < 3_000; i++) engine.Execute(commands.Next(i));

        ExchangeEngine copy = Copy(engine);
        Assert.Equal(engine.StateHash(), copy.StateHash());
        Assert.Equal(engine.Sequence, copy.Sequence);

        for (int i = 3_000; i < 4_000; i++)
        {
            Command command = commands.Next(i);
            engine.Execute(command);
            copy.Execute(command);
        }

        Assert.Equal(engine.StateHash(), copy.StateHash());
    }

    [Fact]
    public void StateHash_OneUnitMore_Differs()
    {
        ExchangeEngine a = ToyCommands.NewEngine();
        ExchangeEngine b = ToyCommands.NewEngine();
        a.Execute(Command.Of(s_start, ActorId.Fund, new CommandId(1), new DepositToFund { Amount = new Amount(1) }));
        b.Execute(Command.Of(s_start, ActorId.Fund, new CommandId(1), new DepositToFund { Amount = new Amount(2) }));

        Assert.NotEqual(a.StateHash(), b.StateHash());
        Int128 initial = TestProfiles.Simple().Fund.InitialBalance.E8;
        Assert.Equal(initial + 2, b.Flow.Deposits(AssetId.Settlement));
    }

    [Fact]
    public void Accounts_OpenedInAnyOrder_AreListedById()
    {
        ExchangeEngine engine = ToyCommands.NewEngine();
        for (int i = 0; i < 1_000; i++)
        {
            int id = 1 + (i * 7_919 % 1_000) + (i % 2 * 1_000_000_000);
            engine.Execute(Command.For(s_start, new AccountId(id), new CommandId(i + 1), default(OpenAccount)));
        }

        int last = 0;
        foreach (var account in engine.Accounts)
        {
            Assert.True(account.Address.Number > last);
            last = account.Address.Number;
            Assert.Same(account, engine.FindAccount(new AccountId(last)));
        }

        Assert.Equal(1_000, engine.Accounts.Length);
        Assert.Null(engine.FindAccount(new AccountId(500_000_000)));
    }

    [Fact]
    public void Execute_InSteadyState_AllocatesNothing()
    {
        var commands = new ToyCommands(accounts: 40);
        ExchangeEngine engine = ToyCommands.NewEngine();
        for (int i = 0; i < 20_000; i++) engine.Execute(commands.Next(i));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 20_000; i < 30_000; i++) engine.Execute(commands.Next(i));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    private static EventKind[] Kinds(ExchangeEngine engine) => [.. engine.Events.ToArray().Select(e => e.Kind)];

    private static ExchangeEngine Copy(ExchangeEngine engine)
    {
        var state = new MemoryStream();
        engine.WriteState(piece => state.Write(piece));
        var reader = new StateReader(state.ToArray());
        ExchangeEngine copy = ToyCommands.NewEngine();
        copy.ReadState(reader);
        reader.ExpectEnd();
        return copy;
    }
}
