using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>
/// An amend that the market has not answered. Until it does, the account reserves for the order as it was and for what the amend would
/// make of it, because either may fill.
/// </summary>
public readonly record struct PendingAmend(OrderId Order, MarketId Market, PositionSide PositionSide, Side Side, Price Price, Quantity Leaves);
