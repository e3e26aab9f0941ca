using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>What a client asked for with an order, as all views of orders tell it.</summary>
public abstract record OrderTerms
{
    public required MarketId Market { get; init; }
    public required Side Side { get; init; }
    public required PositionSide PositionSide { get; init; }
    public required OrderType Type { get; init; }
    public required TimeInForce TimeInForce { get; init; }
    public required OrderFlags Flags { get; init; }

    /// <summary>The limit; for a MARKET order the bound that was set.</summary>
    public required Price Price { get; init; }

    /// <summary>&gt; 0; zero with <see cref="OrderFlags.ClosePosition"/>.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>0 without a date.</summary>
    public required Timestamp GoodTill { get; init; }
}

/// <summary>The terms of a conditional order. Prices are none and the rate is 0 where its type has none.</summary>
public abstract record TriggerTerms : OrderTerms
{
    public required TriggerSource TriggerSource { get; init; }
    public required Price TriggerPrice { get; init; }
    public required Price ActivationPrice { get; init; }
    public required Rate CallbackRate { get; init; }
}
