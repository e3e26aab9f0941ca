using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// The published depth of one side, best price first: traders' orders and the house's levels, added up where they meet. Without
/// allocation; neither may change while enumerating.
/// </summary>
public ref struct CombinedDepth
{
    private readonly HouseLadder _house;
    private readonly Side _side;
    private BookLevels _traders;
    private bool _hasTrader;
    private int _level;

    public CombinedDepth(LimitOrderBook book, HouseLadder house, Side side)
    {
        _house = house;
        _side = side;
        _traders = book.Levels(side);
        _hasTrader = _traders.MoveNext();
    }

    public DepthLevel Current { get; private set; }

    public readonly CombinedDepth GetEnumerator() => this;

    public bool MoveNext()
    {
        SkipEmpty();
        bool hasHouse = _level < _house.Levels;
        if (!_hasTrader && !hasHouse) return false;
        Price price = !_hasTrader ? _house.Level(_side, _level).Price
            : !hasHouse ? _traders.Current.Price
            : Better(_traders.Current.Price, _house.Level(_side, _level).Price);
        Quantity quantity = Quantity.Zero;
        if (_hasTrader && _traders.Current.Price == price)
        {
            quantity += _traders.Current.Quantity;
            _hasTrader = _traders.MoveNext();
        }

        while (_level < _house.Levels && _house.Level(_side, _level).Price == price)
        {
            quantity += _house.Level(_side, _level).Quantity;
            _level++;
        }

        Current = new DepthLevel(price, quantity);
        return true;
    }

    private void SkipEmpty()
    {
        while (_level < _house.Levels && _house.Level(_side, _level).Quantity.IsZero) _level++;
    }

    private readonly Price Better(Price a, Price b) => _side == Side.Buy == a > b ? a : b;
}
