using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Hosting.Tests.Delivery;

/// <summary>What the simulator has found, each in a few lines; the rest of delivery is tested there.</summary>
public class ActivationTests
{
    private static readonly ActorId s_account = ActorId.Of(new AccountId(7));
    private static readonly ActorId s_market = ActorId.Of(new MarketId(1));

    private readonly MemoryHost _host = new();

    [Fact]
    public void Receive_PeerHasForgottenWhatWasNeverAppliedHere_DropsItself()
    {
        (StateActivation account, CountingMachine machine) = _host.LoadState(s_account);
        (LogActivation market, _) = _host.LoadLog(s_market);

        account.Receive(Batch(s_market, s_account, first: 5, new FenceReached()));
        market.Receive(Batch(s_account, s_market, first: 5, new Fence()));
        _host.Run(account);
        _host.Run(market);

        Assert.Equal((ActivationPhase.Dropped, ActivationPhase.Dropped), (account.Phase, market.Phase));
        Assert.Equal(0, machine.Applied);
        Assert.Empty(_host.Acknowledgements);
    }

    [Fact]
    public void Acknowledge_MoreThanWasSentFromHere_DropsItself()
    {
        (StateActivation account, _) = _host.LoadState(s_account);
        account.Submit(Command(1, new SetLeverage { Market = new MarketId(1) }), 1, []);
        _host.Run(account);

        account.Acknowledge(new Acknowledgement(s_market, s_account, 1, 0));
        Assert.Equal(ActivationPhase.Running, account.Phase);
        account.Acknowledge(new Acknowledgement(s_market, s_account, 2, 0));
        Assert.Equal(ActivationPhase.Dropped, account.Phase);
    }

    [Fact]
    public void Acknowledge_PeerWasAcknowledgedMoreThanHere_DropsItself()
    {
        (StateActivation old, _) = _host.LoadState(s_account);
        (StateActivation account, _) = _host.LoadState(s_account);
        account.Receive(Batch(s_market, s_account, first: 1, new FenceReached()));
        _host.Run(account);
        var answer = new Acknowledgement(s_market, s_account, 0, 1) { Forgotten = 1 };

        account.Acknowledge(answer);
        old.Acknowledge(answer); // to its announcement: the other one's message will never come again

        Assert.Equal((ActivationPhase.Running, ActivationPhase.Dropped), (account.Phase, old.Phase));
    }

    [Fact]
    public void Submit_TimeThatChangesNothing_IsNotWritten()
    {
        (StateActivation fund, CountingMachine machine) = _host.LoadState(ActorId.Fund);
        Advance(3_000);
        Assert.Equal((1, 1), (_host.Writes, machine.Sum));
        Advance(4_000);
        Advance(6_000);
        Assert.Equal((1, 3), (_host.Writes, _host.Replies.Count)); // answered all the same
        Advance(7_000);
        Assert.Equal((2, 2), (_host.Writes, machine.Sum));
        fund.Submit(Message.Of(ActorId.Client, ActorId.Fund, CommandId.None, new AdvanceTime { Now = new Timestamp(8_000) }), 8, []);
        fund.Receive(Batch(s_account, ActorId.Fund, first: 1, new LiquidationProceeds()));
        _host.Run(fund);
        Assert.Equal(3, _host.Writes); // with a message it is written: its watermark moved
        (_, CountingMachine again) = _host.LoadState(ActorId.Fund);
        Assert.Equal(2, again.Sum);

        void Advance(long time)
        {
            _host.Now = new Timestamp(time);
            fund.Submit(Message.Of(ActorId.Client, ActorId.Fund, CommandId.None, new AdvanceTime { Now = _host.Now }), time, []);
            _host.Run(fund);
        }
    }

    [Fact]
    public void Turn_MachineBreaks_FaultIsDurableAndBrokenStateIsNeverWritten()
    {
        (StateActivation account, _) = _host.LoadState(s_account);
        account.Submit(Command(1, new Deposit { Amount = new Amount(10) }), 1, []);
        _host.Run(account);
        account.Submit(Command(2, new Deposit { Amount = new Amount(1) }), 2, []);
        account.Submit(Command(3, new Withdraw()), 3, []);
        account.Turn(_host.Now);
        Assert.Equal(ActivationPhase.Running, account.Phase); // until it is written
        _host.Run(account);
        int writes = _host.Writes;
        account.Submit(Command(4, new Deposit { Amount = new Amount(1) }), 4, []);
        _host.Run(account);

        Assert.Equal(ActivationPhase.Faulted, account.Phase);
        Assert.Equal(writes, _host.Writes);
        Assert.All(_host.Replies.Where(r => r.Ticket > 1), r => Assert.Contains("9: it broke", r.Unavailable));
        (StateActivation again, CountingMachine machine) = _host.LoadState(s_account);
        Assert.Equal((ActivationPhase.Faulted, "9: it broke", 10L), (again.Phase, again.Fault, machine.Sum));
    }

    [Fact]
    public void Turn_MachineBreaks_MarketsAreToldUntilTheyHaveHeardIt()
    {
        (StateActivation account, _) = _host.LoadState(s_account);
        account.Submit(Command(1, new SetLeverage { Market = new MarketId(1) }), 1, []);
        account.Receive(Batch(ActorId.Fund, s_account, first: 1, new ShortfallPaid()));
        _host.Run(account);
        account.Acknowledge(new Acknowledgement(s_market, s_account, 1, 0));
        account.Submit(Command(2, new Withdraw()), 2, []);
        Assert.Equal([(s_market, 2L)], Told(account));
        account.SendFailed(s_market);
        account.Resend(_host.Now);
        Assert.Equal([(s_market, 2L)], Told(account));
        account.Resend(_host.Now);
        Assert.Empty(Told(account));
        Assert.False(account.Receive(Batch(new ActorId(ActorKind.Market, 3), s_account, first: 1, new FenceReached()))); // it has something of this account's
        Assert.Equal([(new ActorId(ActorKind.Market, 3), 1L)], Told(account));

        (StateActivation again, _) = _host.LoadState(s_account);
        Assert.Equal([(s_market, 1L)], Told(again)); // what it was acknowledged meanwhile was not written

        List<(ActorId, long)> Told(StateActivation told)
        {
            _host.Batches.Clear();
            _host.Run(told);
            return [.. _host.Batches.Where(b => b.IsFaulted && b.Messages.Count == 0).Select(b => (b.To, b.First))];
        }
    }

    [Fact]
    public void Receive_SenderIsFaulted_TheMachinesCommandIsAnInput()
    {
        (LogActivation market, CountingMachine machine) = _host.LoadLog(s_market);
        machine.OnFault = Message.Of(ActorId.Client, s_market, CommandId.None, new Deposit { Amount = new Amount(5) });
        Assert.True(market.Receive(new DeliveryBatch(s_account, s_market, 1, [], NodeId.None) { IsFaulted = true }));
        _host.Run(market);
        Assert.Equal((5, 0L), (machine.Sum, Assert.Single(_host.Acknowledgements).Through));
        Assert.Equal(5, _host.LoadLog(s_market).Machine.Sum); // it is in the log
    }

    [Fact]
    public void Turn_OldActivationBreaks_IsRefusedAndDroppedAndNothingIsAtFault()
    {
        (StateActivation old, _) = _host.LoadState(s_account);
        (StateActivation account, _) = _host.LoadState(s_account);
        account.Submit(Command(1, new Deposit { Amount = new Amount(10) }), 1, []);
        _host.Run(account);

        old.Submit(Command(2, new Withdraw()), 2, []);
        _host.Run(old);

        Assert.Equal(ActivationPhase.Dropped, old.Phase);
        Assert.Equal(ActivationPhase.Running, _host.LoadState(s_account).Activation.Phase);
    }

    [Fact]
    public void Receive_WhatMakesAnAccountSend_IsAcknowledgedWhenThatHasArrived()
    {
        (StateActivation account, _) = _host.LoadState(s_account);
        account.Receive(Batch(s_market, s_account, first: 1, new FundingPayment()));
        _host.Run(account);
        Assert.Empty(_host.Acknowledgements);
        Assert.Equal(ActorId.Fund, Assert.Single(_host.Batches).To);

        // Its host dies: the next activation does not know why the message was sent, and acknowledges nobody before it has arrived.
        (account, CountingMachine machine) = _host.LoadState(s_account);
        account.Receive(Batch(s_market, s_account, first: 1, new FundingPayment()));
        _host.Run(account);
        Assert.Equal(0, machine.Applied); // it had been
        Assert.Empty(_host.Acknowledgements);
        Assert.Equal(2, _host.Batches.Count);

        account.Acknowledge(new Acknowledgement(ActorId.Fund, s_account, 1, 0));
        _host.Run(account);
        Assert.Contains(new Acknowledgement(s_account, s_market, 1, 0), _host.Acknowledgements);
    }

    [Fact]
    public void Receive_WhatMakesAnAccountSendNothing_IsAcknowledgedWhenItIsWritten()
    {
        (StateActivation account, _) = _host.LoadState(s_account);
        account.Submit(Command(1, new SetLeverage { Market = new MarketId(1) }), 1, []); // under way, and not because of the message
        account.Receive(Batch(s_market, s_account, first: 1, new FenceReached()));
        _host.Run(account);

        Assert.Equal(1, Assert.Single(_host.Acknowledgements).Through);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Submit_IsAnsweredWhenItsWriteHasEnded(bool isMarket)
    {
        Activation activation = isMarket ? _host.LoadLog(s_market).Activation : _host.LoadState(s_account).Activation;
        activation.Submit(Message.Of(ActorId.Client, activation.Address, new CommandId(1), new Deposit { Amount = new Amount(1) }), 1, []);
        activation.Turn(_host.Now);
        StoreWrite write = Assert.Single(_host.Take(activation));
        Assert.Empty(_host.Replies);
        activation.Stored(write, _host.Store(write));
        activation.Turn(_host.Now);
        _host.Take(activation);
        Assert.Equal(1, Assert.Single(_host.Replies).Id.Value);
    }

    [Fact]
    public void Turn_SurroundingsAreNotThere_InputsWait()
    {
        (StateActivation account, CountingMachine machine) = _host.LoadState(s_account);
        machine.IsReady = false;
        account.Submit(Command(1, new Deposit { Amount = new Amount(10) }), 1, []);
        _host.Run(account);
        Assert.Equal((0, 1), (machine.Applied, account.InputCount));

        machine.IsReady = true;
        _host.Run(account);
        Assert.Null(Assert.Single(_host.Replies).Unavailable);
    }

    [Fact]
    public void Turn_MoreThanABatchOfWhatChangesNothing_LeavesNothingWaiting()
    {
        (StateActivation account, _) = _host.LoadState(s_account);
        for (int i = 0; i < 10; i++) account.Read(i, m => ((CountingMachine)m).Sum);

        account.Turn(_host.Now);
        _host.Take(account);

        Assert.Equal(10, _host.Views.Count);
        Assert.Equal(0, account.InputCount);
    }

    [Fact]
    public void Submit_ToMarketWithoutId_OnlyPricesAndTimesReplaceEachOther()
    {
        (LogActivation market, CountingMachine machine) = _host.LoadLog(s_market);
        for (int i = 0; i < 2; i++)
        {
            market.Submit(Message.Of(ActorId.Client, s_market, CommandId.None, new AdvanceTime()), 1, []);
            market.Submit(Message.Of(ActorId.Client, s_market, CommandId.None, new SettleFunding()), 2, []);
        }

        _host.Run(market);

        Assert.Equal(3, machine.Applied);
        Assert.Equal(4, _host.Replies.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void WriteEvent_AnyMarketNumber_ReadsBack(int market)
    {
        var e = Event.Of(new Timestamp(5), new CommandId(6), new AccountId(7), new MarketId(market), new CommandRefused { Command = MessageKind.PlaceOrder });
        var writer = new StateWriter();
        MessageCodec.WriteEvent(e, writer);

        Event read = MessageCodec.ReadEvent(new StateReader(writer.WrittenMemory));

        Assert.Equal((e.Time, e.Cause, e.Account, e.Market, e.Kind), (read.Time, read.Cause, read.Account, read.Market, read.Kind));
        Assert.True(e.BodyBytes.SequenceEqual(read.BodyBytes));
    }

    private static Message Command<T>(long id, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Message.Of(ActorId.Client, s_account, new CommandId(id), body);

    private static DeliveryBatch Batch<T>(ActorId from, ActorId to, long first, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        new(from, to, first, [Message.Of(from, to, CommandId.None, body)], NodeId.None);
}
