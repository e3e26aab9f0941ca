namespace CrossMargin.Wire.Tests.Durability;

/// <summary>What an order was asked to be. A market order has price 0.</summary>
internal readonly record struct Terms(decimal Price, decimal Quantity);

/// <summary>
/// One order as its owner was told of it, from whatever side: the farthest state that was ever acknowledged. An answer that never came
/// leaves more than one thing possible.
/// </summary>
internal sealed class OrderStory(string clientId, string side, string type, Terms terms)
{
    public string ClientId { get; } = clientId;
    public string Side { get; } = side;
    public string Type { get; } = type;

    /// <summary>What its terms may be: one, and those of amendments without an answer.</summary>
    public HashSet<Terms> Terms { get; } = [terms];

    /// <summary>0: it was never told.</summary>
    public long Id { get; private set; }

    /// <summary>The server said that it took the order.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>The server said that it did not.</summary>
    public bool IsRefused { get; set; }

    /// <summary>A cancel of all orders was acknowledged after this one was open.</summary>
    public bool MustHaveEnded { get; set; }
    public decimal Executed { get; private set; }

    /// <summary>What <see cref="Executed"/> cost; null: that was not told.</summary>
    public decimal? Quote { get; private set; }

    /// <summary>FILLED, CANCELED, EXPIRED …; null: it may still be open.</summary>
    public string? Ended { get; private set; }

    public static bool IsEnd(string status) => status is not ("NEW" or "PARTIALLY_FILLED");

    /// <summary>Takes in one more report. Reports may come out of order: the farthest counts.</summary>
    /// <param name="quote">Null where the report does not say.</param>
    public void Hear(long id, string status, decimal executed, decimal? quote)
    {
        Assert.True(Id == 0 || Id == id, $"{ClientId}: told as order {Id}, then as {id}");
        Assert.True(executed <= Executed || Ended is null, $"{ClientId}: ended as {Ended} with {Executed}, then told {executed} executed");
        bool ends = IsEnd(status);
        bool contradicts = ends && Ended is not null && (Ended != status || Executed != executed);
        Assert.False(contradicts, $"{ClientId}: ended as {Ended} with {Executed}, then as {status} with {executed}");
        Assert.False(ends && executed < Executed, $"{ClientId}: ended with {executed} executed, {Executed} was told before");
        Id = id;
        IsAcknowledged = true;
        if (ends) Ended = status;
        if (executed > Executed) Quote = quote;
        else if (executed == Executed) Quote ??= quote;
        Executed = Math.Max(Executed, executed);
    }
}

/// <summary>One conditional order as its owner was told of it.</summary>
internal sealed class AlgoStory(string clientId)
{
    public string ClientId { get; } = clientId;
    public long Id { get; set; }
    public bool IsAcknowledged { get; set; }
    public bool IsRefused { get; set; }

    /// <summary>Its cancel was acknowledged.</summary>
    public bool IsCancelled { get; set; }
}

/// <summary>One side of a trade: an account that trades with itself has both.</summary>
internal readonly record struct TradeKey(long Id, string Side);

/// <summary>One fill as it was told.</summary>
internal sealed record TradeFact(long Id, long OrderId, string Side, decimal Price, decimal Quantity, decimal Commission, decimal Profit, bool IsMaker)
{
    public TradeKey Key => new(Id, Side);
}
