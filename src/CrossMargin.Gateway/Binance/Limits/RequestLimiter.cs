using System.Buffers.Binary;
using System.Net;

namespace CrossMargin.Gateway.Binance;

/// <summary>What a call has used, for the headers; and the refusal, if any.</summary>
public readonly record struct LimitResult(BinanceError? Error, int UsedWeight, int Orders10Seconds, int OrdersMinute);

/// <summary>
/// Binance's limits by the wall clock: request weight an address and minute, orders an account in ten seconds and in a minute. Who goes on
/// after many 429s is banned (418), twice as long each time. Windows begin at whole minutes and tens of seconds. Thread-safe; the tables
/// are bounded.
/// </summary>
public sealed class RequestLimiter(BinanceOptions options, TimeProvider time)
{
    private readonly BoundedTable<UInt128, AddressUse> _addresses = new(options.TrackedAddresses, () => new AddressUse());
    private readonly BoundedTable<long, OrderUse> _accounts = new(options.TrackedAccounts, () => new OrderUse());

    /// <summary>Addresses remembered, for metrics and tests.</summary>
    public int AddressCount => _addresses.Count;

    public int AccountCount => _accounts.Count;

    /// <summary>
    /// Counts a call's weight. A key without limits never gets an error, and what it uses is told in its headers but takes nothing from the
    /// others of its address.
    /// </summary>
    public LimitResult Charge(IPAddress? address, int weight, bool unlimited)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        AddressUse use = _addresses.Get(KeyOf(address), now);
        lock (use)
        {
            bool isOn = IsOn(unlimited);
            if (use.BannedUntil > now && isOn) return new LimitResult(Banned(use.BannedUntil, now), use.Weight, 0, 0);
            long minute = now / 60_000;
            if (use.Minute != minute)
            {
                // A day of good conduct and the next ban is the first again.
                if (minute - use.Minute > 24 * 60) use.Bans = 0;
                use.Minute = minute;
                use.Weight = 0;
                use.FreeWeight = 0;
                use.Refusals = 0;
            }

            if (!isOn)
            {
                use.FreeWeight = Math.Min(int.MaxValue / 2, use.FreeWeight + weight);
                return new LimitResult(null, use.Weight + use.FreeWeight, 0, 0);
            }

            use.Weight = Math.Min(int.MaxValue / 2, use.Weight + weight);
            if (use.Weight <= options.WeightPerMinute) return new LimitResult(null, use.Weight, 0, 0);
            if (++use.Refusals <= options.RefusalsBeforeBan) return new LimitResult(TooMuch((minute + 1) * 60_000 - now), use.Weight, 0, 0);
            long ban = Math.Min((long)options.LongestBan.TotalMilliseconds, (long)options.FirstBan.TotalMilliseconds << Math.Min(20, use.Bans));
            use.Bans++;
            use.BannedUntil = now + ban;
            _addresses.Hold(KeyOf(address), use.BannedUntil);
            return new LimitResult(Banned(use.BannedUntil, now), use.Weight, 0, 0);
        }
    }

    /// <summary>
    /// Counts orders of an account, all of them or none: each in the ten seconds, one call's as one in the minute, as Binance weighs batches.
    /// </summary>
    public LimitResult ChargeOrders(long account, int orders, bool unlimited)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        OrderUse use = _accounts.Get(account, now);
        lock (use)
        {
            Roll(use, now);
            if (IsOn(unlimited))
            {
                if (use.Tens + orders > options.OrdersPer10Seconds)
                {
                    BinanceError error = TooManyOrders(options.OrdersPer10Seconds, "10 SECOND", 10_000 - now % 10_000);
                    return new LimitResult(error, 0, use.Tens, use.Minutes);
                }

                if (use.Minutes >= options.OrdersPerMinute)
                {
                    BinanceError error = TooManyOrders(options.OrdersPerMinute, "1 MINUTE", 60_000 - now % 60_000);
                    return new LimitResult(error, 0, use.Tens, use.Minutes);
                }
            }

            use.Tens += orders;
            use.Minutes++;
            return new LimitResult(null, 0, use.Tens, use.Minutes);
        }
    }

    /// <summary>The orders an account has used in both windows.</summary>
    public LimitResult OrdersUsed(long account)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        OrderUse use = _accounts.Get(account, now);
        lock (use)
        {
            Roll(use, now);
            return new LimitResult(null, 0, use.Tens, use.Minutes);
        }
    }

    /// <summary>An IPv6 client owns its network of 64 bits: it counts as one.</summary>
    private static UInt128 KeyOf(IPAddress? address)
    {
        if (address is null) return 0;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out int written);
        if (written == 4) return (UInt128)BinaryPrimitives.ReadUInt32BigEndian(bytes) | ((UInt128)0xFFFF << 32);
        if (address.IsIPv4MappedToIPv6) return (UInt128)BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) | ((UInt128)0xFFFF << 32);
        return (UInt128)BinaryPrimitives.ReadUInt64BigEndian(bytes) << 64;
    }

    private static void Roll(OrderUse use, long now)
    {
        if (use.Ten != now / 10_000)
        {
            use.Ten = now / 10_000;
            use.Tens = 0;
        }

        if (use.Minute == now / 60_000) return;
        use.Minute = now / 60_000;
        use.Minutes = 0;
    }

    private bool IsOn(bool unlimited) => options.LimitsEnabled && !unlimited;

    private BinanceError TooMuch(long wait) => new(
        -1003,
        $"Too many requests; current limit of IP is {options.WeightPerMinute} request weight per minute. "
            + "Please use the websocket for live updates to avoid polling the API.",
        429,
        Seconds(wait));

    private static BinanceError Banned(long until, long now) => new(
        -1003,
        $"Way too many requests; IP banned until {until}. Please use the websocket for live updates to avoid bans.",
        418,
        Seconds(until - now));

    private static BinanceError TooManyOrders(int limit, string interval, long wait) =>
        new(-1015, $"Too many new orders; current limit is {limit} orders per {interval}.", 429, Seconds(wait));

    private static long Seconds(long milliseconds) => (milliseconds + 999) / 1_000;

    private sealed class AddressUse
    {
        public long Minute;
        public int Weight;

        /// <summary>Of calls that nothing limits.</summary>
        public int FreeWeight;
        public int Refusals;
        public int Bans;
        public long BannedUntil;
    }

    private sealed class OrderUse
    {
        public long Ten;
        public int Tens;
        public long Minute;
        public int Minutes;
    }
}
