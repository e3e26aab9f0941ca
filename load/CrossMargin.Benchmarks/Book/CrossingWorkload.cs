using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Benchmarks.Book;

/// <summary>
/// The public 10-level crossing workload: alternating sides, bid prices uniform over 10 ticks, ask prices uniform over 10 ticks starting 4
/// ticks higher, sizes 100 to 1,000 by 100. Owners are drawn uniformly; order ids rise within an owner. One order in 16 is reduce-only.
/// </summary>
internal sealed class CrossingWorkload
{
    public const long TickUnits = 10;
    private const int Accounts = 1_000;
    private const long LowestBidTick = 40_000;

    private readonly int[] _draws;
    private readonly long[] _nextId = new long[Accounts + 1];

    public CrossingWorkload(int orders, ulong seed)
    {
        _draws = new int[orders];
        ulong state = seed;
        for (int i = 0; i < orders; i++) _draws[i] = (int)(Next(ref state) & int.MaxValue);
    }

    public int Length => _draws.Length;

    /// <summary>Accounts 1 to this place the orders.</summary>
    public int Owners => Accounts;

    /// <summary>Forgets the ids given, for another round.</summary>
    public void Restart() => Array.Clear(_nextId);

    /// <summary>Order number <paramref name="i"/> of the stream.</summary>
    public void Get(int i, out RestingOrder order)
    {
        int draw = _draws[i];
        int level = (draw & 0xFFF) * 10 >> 12;
        int size = ((draw >> 12) & 0xFF) * 10 >> 8;
        int account = 1 + (((draw >> 20) & 0x7FF) * Accounts >> 11);
        bool isBid = (i & 1) == 0;
        long tick = LowestBidTick + level + (isBid ? 0 : 4);
        long id = _nextId[account] + 1;
        _nextId[account] = id;
        order = default;
        order.Account = new AccountId(account);
        order.OrderId = new OrderId(id);
        order.Side = isBid ? Side.Buy : Side.Sell;
        order.Price = new Price(tick * TickUnits);
        order.Quantity = order.Remaining = new Quantity(100 * (size + 1));
        order.Flags = (id & 15) == 0 ? OrderFlags.ReduceOnly : OrderFlags.None;
        order.MakerFee = new Rate(20_000);
    }

    private static ulong Next(ref ulong state)
    {
        unchecked
        {
            ulong z = state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
