using System.Diagnostics.Metrics;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Pumps;

namespace CrossMargin.Silo.Hosting;

/// <summary>What a silo measures of its exchange, as instruments of one meter.</summary>
internal sealed class SiloMetrics : IDisposable
{
    public const string MeterName = "CrossMargin.Silo";

    private readonly Meter _meter;
    private readonly Counter<long> _orders;
    private readonly Counter<long> _fills;
    private readonly Counter<long> _liquidations;
    private readonly Counter<long> _ticks;
    private long _fundWallet;

    public SiloMetrics(IMeterFactory meters, SiloNode node)
    {
        _meter = meters.Create(MeterName);
        _orders = _meter.CreateCounter<long>("crossmargin.orders", "{order}", "Orders that accounts accepted, over the cluster");
        _fills = _meter.CreateCounter<long>("crossmargin.fills", "{fill}", "Fills of accounts, over the cluster: each side of a trade is one");
        _liquidations = _meter.CreateCounter<long>("crossmargin.liquidations", "{liquidation}", "Liquidations that began, over the cluster");
        _ticks = _meter.CreateCounter<long>("crossmargin.ticks", "{tick}", "Changes of a market's prices, over the cluster");
        _meter.CreateObservableCounter("crossmargin.wakes", () => node.JudgeCalls, "{pool}", "Pools of this silo that were woken to be judged");
        _meter.CreateObservableGauge("crossmargin.watched", () => node.Watch.BoxCount, "{pool}", "Pools that this silo watches");
        _meter.CreateObservableGauge("crossmargin.actors", () => node.ActorCount, "{actor}", "Actors active on this silo");
        _meter.CreateObservableCounter("crossmargin.writes", () => Sum(node, static c => c.Writes), "{write}", "Storage writes of actors active here");
        _meter.CreateObservableCounter("crossmargin.writes.bytes", () => Sum(node, static c => c.WrittenBytes), "By", "Bytes of those writes");
        _meter.CreateObservableCounter("crossmargin.messages", () => Sum(node, static c => c.Messages), "{message}", "Messages that they sent to other actors");
        _meter.CreateObservableCounter(
            "crossmargin.drops", () => Sum(node, static c => c.Drops), "{activation}", "Times an actor was loaded anew after a refused write");
        _meter.CreateObservableGauge("crossmargin.fund.wallet", () => Interlocked.Read(ref _fundWallet) / 1e8, "{settlement}", "The insurance fund's wallet");
        _meter.CreateObservableGauge("crossmargin.outbox", Outbox, "{message}", "Messages of actors active here that have not arrived");
        _meter.CreateObservableGauge(
            "crossmargin.unwatched", () => node.MarketsHere.Unwatched ?? 0, "{account}", "Holders of the markets active here whom nobody watches");
        Histogram<double> written = _meter.CreateHistogram<double>("crossmargin.write.duration", "ms", "How long storage writes took");
        node.Written += written.Record;
        node.Committed += See;

        long Outbox()
        {
            long sum = 0;
            foreach (ActorPump pump in node.Pumps) sum += pump.Counters.Outbox;
            return sum;
        }
    }

    public void Dispose() => _meter.Dispose();

    private static long Sum(SiloNode node, Func<PumpCounters, long> of)
    {
        long sum = 0;
        foreach (ActorPump pump in node.Pumps) sum += of(pump.Counters);
        return sum;
    }

    private void See(EventCommit commit)
    {
        foreach (Event e in commit.Events)
        {
            switch (e.Kind)
            {
                case EventKind.OrderAccepted:
                    _orders.Add(1);
                    break;
                case EventKind.OrderFilled:
                    _fills.Add(1);
                    break;
                case EventKind.LiquidationStarted:
                    _liquidations.Add(1);
                    break;
                case EventKind.PriceChanged:
                    _ticks.Add(1);
                    break;
                case EventKind.FundBalanceChanged:
                    Interlocked.Exchange(ref _fundWallet, e.Body<FundBalanceChanged>().WalletAfter.E8);
                    break;
            }
        }
    }
}
