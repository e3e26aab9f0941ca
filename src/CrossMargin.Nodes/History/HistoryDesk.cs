using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Pumps;
using CrossMargin.Nodes.Wire;

namespace CrossMargin.Nodes.History;

/// <summary>Answers a gateway's questions about one actor's history, where the actor is.</summary>
public static class HistoryDesk
{
    /// <summary>In the pump's context: the rows that are durable.</summary>
    public static async Task<ReadOnlyMemory<byte>> AnswerAsync(ActorPump pump, ReadOnlyMemory<byte> question)
    {
        var asked = HistoryQuestion.Read(new StateReader(question));
        CommittedView view = await pump.ReadAsync(machine =>
        {
            var writer = new StateWriter();
            if (machine is MarketMachine market) Answer(market, asked, writer);
            else if (machine is AccountMachine account) Answer(account, asked, writer);
            return writer.WrittenMemory;
        });
        return (ReadOnlyMemory<byte>)view.View!;
    }

    private static void Answer(MarketMachine machine, HistoryQuestion q, StateWriter writer)
    {
        MarketHistory history = machine.History;
        switch (q.Kind)
        {
            case HistoryKind.Trades:
                writer.WriteList(history.Trades.Page(q.Page, r => r.Time, r => r.Trade.Value, _ => true), HistoryCodec.Write);
                break;
            case HistoryKind.Funding:
                writer.WriteList(history.Funding.Page(q.Page, r => r.FundingTime, _ => long.MaxValue, _ => true), HistoryCodec.Write);
                break;
            case HistoryKind.Klines:
                writer.WriteList(history.Klines(q.Series, q.Interval).Read(q.Page, machine.Now), HistoryCodec.Write);
                break;
            default:
                throw new ArgumentException($"a market has no {q.Kind}");
        }
    }

    private static void Answer(AccountMachine machine, HistoryQuestion q, StateWriter writer)
    {
        var history = (AccountHistory)machine.Keeper.Project();
        switch (q.Kind)
        {
            case HistoryKind.Orders:
                writer.WriteList(history.Orders.Page(q.Page, r => r.Time, r => r.Order.Value, r => Of(q, r.Market)), HistoryCodec.Write);
                break;
            case HistoryKind.Order:
                One(history.Orders, FindOrder(history, q), writer, HistoryCodec.Write);
                break;
            case HistoryKind.Triggers:
                writer.WriteList(history.Triggers.Page(q.Page, r => r.Time, r => r.Algo.Value, r => Of(q, r.Market)), HistoryCodec.Write);
                break;
            case HistoryKind.Trigger:
                One(history.Triggers, FindTrigger(history, q), writer, HistoryCodec.Write);
                break;
            case HistoryKind.Fills:
                writer.WriteList(
                    history.Fills.Page(q.Page, r => r.Time, r => r.Trade.Value, r => Of(q, r.Market) && (q.Order.IsNone || r.Order == q.Order)),
                    HistoryCodec.Write);
                break;
            case HistoryKind.Income:
                writer.WriteList(
                    history.Income.Page(
                        q.Page, r => r.Time, r => r.Id, r => Of(q, r.Market) && (q.Reasons.Count == 0 || q.Reasons.Contains(r.Reason))),
                    HistoryCodec.Write);
                break;
            case HistoryKind.Margin:
                writer.WriteList(history.Margin.Page(q.Page, r => r.Time, r => r.Id, r => Of(q, r.Market)), HistoryCodec.Write);
                break;
            case HistoryKind.Liquidations:
                writer.WriteList(history.Liquidations.Page(q.Page, r => r.Started, _ => long.MaxValue, _ => true), HistoryCodec.Write);
                break;
            case HistoryKind.LiquidationSteps:
                writer.WriteList(LiquidationSteps.Of(history, q.Liquidation, machine.Actor.State.Profile), HistoryCodec.Write);
                break;
            default:
                throw new ArgumentException($"an account has no {q.Kind}");
        }
    }

    private static bool Of(HistoryQuestion q, MarketId market) => q.Market.IsNone || q.Market == market;

    private static int FindOrder(AccountHistory history, HistoryQuestion q) => history.Orders.FindLast(
        !q.Order.IsNone ? r => r.Order == q.Order : !q.Algo.IsNone ? r => r.Algo == q.Algo : r => q.Name.Length > 0 && r.ClientOrderId == q.Name);

    private static int FindTrigger(AccountHistory history, HistoryQuestion q) =>
        history.Triggers.FindLast(!q.Algo.IsNone ? r => r.Algo == q.Algo : r => q.Name.Length > 0 && r.ClientOrderId == q.Name);

    private static void One<T>(Ring<T> ring, int i, StateWriter writer, Action<T, StateWriter> write) =>
        writer.WriteList(i < 0 ? [] : (T[])[ring[i]], write);
}
