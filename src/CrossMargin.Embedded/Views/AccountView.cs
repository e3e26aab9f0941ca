using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Views;

/// <summary>An account's state in the words of its client. Figures are computed when first asked for.</summary>
internal sealed class AccountView(VenueProfile profile, PriceTable prices) : IAccountView
{
    private AccountState _state = null!;
    private AccountFigures _figures;
    private bool _hasFigures;
    private int[] _open = new int[4]; // indexes of the legs that hold a position
    private int _openCount;

    public AccountId Id => _state.Id;

    public Amount Wallet => _state.Wallet;

    public Amount Equity => Figures.Equity;

    public Amount Maintenance => Figures.Maintenance;

    public Amount Available => Figures.Available;

    public bool InLiquidation => _state.Liquidations is { Count: > 0 };

    public int PositionCount => _openCount;

    public int OpenOrderCount => _state.Orders.Count;

    private ref readonly AccountFigures Figures
    {
        get
        {
            if (!_hasFigures) _figures = AccountMargin.Figures(_state, prices);
            _hasFigures = true;
            return ref _figures;
        }
    }

    public void Show(AccountState state)
    {
        _state = state;
        _hasFigures = false;
        _openCount = 0;
        ReadOnlySpan<Leg> legs = state.Legs.Legs;
        if (_open.Length < legs.Length) _open = new int[legs.Length * 2];
        for (int i = 0; i < legs.Length; i++)
        {
            if (!legs[i].Quantity.IsZero) _open[_openCount++] = i;
        }
    }

    public PositionView Position(int i)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)_openCount);
        return Of(_state.Legs[_open[i]]);
    }

    public PositionView Position(MarketId market, PositionSide side)
    {
        int i = _state.Legs.Find(market, side);
        if (i >= 0) return Of(_state.Legs[i]);
        int leverage = _state.Legs.LeverageOf(market);
        return new PositionView(market, side, MarginMode.Cross, leverage, default, default, default, default, default);
    }

    public OpenOrderView OpenOrder(int i)
    {
        ref readonly OpenOrder order = ref _state.Orders.Orders[i];
        return new OpenOrderView(order.Id, order.Market, order.Side, order.PositionSide, order.Price, order.Leaves, order.Flags);
    }

    private PositionView Of(in Leg leg)
    {
        if (leg.Quantity.IsZero)
        {
            return new PositionView(leg.Market, leg.Side, leg.Mode, leg.Leverage, default, default, leg.IsolatedWallet, default, default);
        }

        MarketSpec spec = profile[leg.Market];
        Price mark = prices.Mark(leg.Market);
        return new PositionView(
            leg.Market, leg.Side, leg.Mode, leg.Leverage, leg.Quantity, leg.OpenCost, leg.IsolatedWallet,
            LegMath.UnrealizedProfit(spec, leg.Quantity, leg.OpenCost, mark), LegMath.MaintenanceUp(spec, leg.Quantity, mark));
    }
}
