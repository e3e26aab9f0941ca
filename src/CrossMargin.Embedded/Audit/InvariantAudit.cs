using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Audit;

/// <summary>Adds a whole exchange up, between two commands: invariants 1 to 4. Costs a look at every account, leg and holder.</summary>
public sealed class InvariantAudit
{
    private const int MostViolations = 20;

    private readonly ExchangeEngine _engine;
    private readonly List<string> _violations = [];
    private readonly AssetAudit[] _assets;
    private readonly Int128[] _lots;
    private readonly int[] _legs;

    private InvariantAudit(ExchangeEngine engine)
    {
        _engine = engine;
        _assets = new AssetAudit[engine.Flow.AssetCount];
        for (int i = 0; i < _assets.Length; i++) _assets[i] = NewAsset(i);
        _lots = new Int128[engine.Profile.Markets.Count];
        _legs = new int[_lots.Length];
    }

    /// <summary>The figures, with what is broken in <see cref="AuditFigures.Violations"/>.</summary>
    public static AuditFigures Examine(ExchangeEngine engine) => new InvariantAudit(engine).Examine();

    /// <summary>The figures; throws <see cref="InvariantViolation"/> with all of them when something is broken.</summary>
    public static AuditFigures Check(ExchangeEngine engine)
    {
        AuditFigures figures = Examine(engine);
        if (!figures.IsSound) throw new InvariantViolation($"{figures.Violations[0]}{Environment.NewLine}{figures}");
        return figures;
    }

    private AuditFigures Examine()
    {
        foreach (IActor actor in _engine.Accounts) AddAccount(((AccountActor)actor).State);
        FundState fund = ((InsuranceFundActor)_engine.Fund).State;
        AddFund(fund);
        var markets = new MarketAudit[_lots.Length];
        for (int i = 0; i < markets.Length; i++) markets[i] = AddMarket(((MarketActor)_engine.Markets[i]).View, fund, i);
        foreach (AssetAudit asset in _assets)
        {
            if (asset.Difference != 0) Broken(asset.ToString());
        }

        return new AuditFigures { Assets = _assets, Markets = markets, Accounts = _engine.AccountCount, Violations = _violations };
    }

    private AssetAudit NewAsset(int id)
    {
        string name = _engine.Profile.SettlementAsset;
        foreach (CollateralAsset asset in _engine.Profile.Collateral.Assets)
        {
            if (asset.Id.Value == id) name = asset.Name;
        }

        var assetId = new AssetId(id);
        return new AssetAudit { Asset = name, Deposits = _engine.Flow.Deposits(assetId), Withdrawals = _engine.Flow.Withdrawals(assetId) };
    }

    private void AddAccount(AccountState state)
    {
        ReadOnlySpan<Amount> balances = state.Balances;
        bool collateral = false;
        for (int i = 0; i < balances.Length; i++)
        {
            _assets[i].Wallets += balances[i].E8;
            collateral |= i > 0 && balances[i].IsPositive;
        }

        for (int i = 0; i < state.Legs.Count; i++)
        {
            ref readonly Leg leg = ref state.Legs[i];
            if (!leg.Quantity.IsZero)
            {
                _assets[0].OpenCost += leg.OpenCost.E8;
                _lots[leg.Market.Value - 1] += leg.Quantity.Lots;
                _legs[leg.Market.Value - 1]++;
            }

            if (leg.Mode != MarginMode.Isolated) continue;
            JudgePool(state, new PoolId(state.Id, leg.Market, leg.Side), state.IsolatedPool(i), collateral: false);
        }

        JudgePool(state, PoolId.Cross(state.Id), state.CrossPool, collateral);
    }

    private void JudgePool(AccountState state, PoolId pool, in PoolView view, bool collateral)
    {
        PoolFigures figures = view.Judge(_engine.Profile, _engine.Prices.Marks, _engine.Prices.Indexes);
        if (!figures.IsLiquidatable(_engine.Profile.Liquidation.EqualityIsSafe)) return;
        string what = pool.IsCross ? $"{pool.Account}, cross pool" : $"{pool.Account}, {_engine.Profile[pool.Market].Symbol} {pool.Side}";
        bool known = state.LiquidationOf(pool.Market, pool.Side) is not null || _engine.Monitor.TryGetWaiting(pool, out _);
        string has = $"equity {figures.Equity} and maintenance {figures.Maintenance}";
        if (!known) Broken($"3: {what} has {has}, and is neither in liquidation nor waiting");
        if (!figures.HasPositions && !collateral) Broken($"4: {what} has no position and equity {figures.Equity}");
    }

    private void AddFund(FundState fund)
    {
        _assets[0].FundWallet = fund.Wallet.E8;
        _assets[0].Deficit = fund.Deficit.E8;
        for (int i = 0; i < fund.Conversion.Length; i++) _assets[i].Conversion = fund.Conversion[i].E8;
        foreach (ref readonly FundPosition position in fund.Positions) _assets[0].FundOpenCost += position.OpenCost.E8;
        if (fund.Wallet.IsNegative) Broken($"4: the fund's wallet is {fund.Wallet}");
        if (fund.Deficit.IsPositive) Broken($"4: the deficit is {fund.Deficit}, above zero");
    }

    private MarketAudit AddMarket(MarketView view, FundState fund, int index)
    {
        AssetAudit asset = _assets[0];
        asset.HouseWallets += view.HouseWallet.E8;
        asset.HouseOpenCost += view.HouseOpenCost.E8;
        asset.Fees += view.Fees.E8;
        asset.Dust += view.Dust.E8;
        asset.InFlight += view.UnsentFunding;
        FundPosition fundPosition = fund.Positions[index];
        int disagree = CompareHolders(view, fundPosition, out int holders);
        int expected = _legs[index] + (fundPosition.Quantity.IsZero ? 0 : 1);
        disagree += Math.Abs(expected - holders);
        var audit = new MarketAudit(
            view.Spec.Symbol, _lots[index], fundPosition.Quantity.Lots, view.HouseQuantity.Lots, holders, disagree);
        if (audit.Sum != 0 || audit.Disagreements != 0) Broken(audit.ToString());
        return audit;
    }

    private int CompareHolders(MarketView view, in FundPosition fund, out int count)
    {
        Holding[] holders = [];
        count = view.CopyHolders(ref holders);
        int disagree = 0;
        for (int i = 0; i < count; i++)
        {
            ref readonly Holding holder = ref holders[i];
            bool isFund = holder.Account == AccountId.Fund;
            (Quantity quantity, Amount cost) = isFund ? (fund.Quantity, fund.OpenCost) : LegOf(holder, view.Spec.Id);
            if (quantity == holder.Quantity && cost == holder.OpenCost) continue;
            disagree++;
            string whose = $"{view.Spec.Symbol} {holder.Account} {holder.Side}";
            Broken($"2: {whose}: the market has {holder.Quantity} at {holder.OpenCost}, the holder {quantity} at {cost}");
        }

        return disagree;
    }

    private (Quantity Quantity, Amount OpenCost) LegOf(in Holding holder, MarketId market)
    {
        if (_engine.FindAccount(holder.Account) is not AccountActor account) return default;
        LegTable legs = account.State.Legs;
        int i = legs.Find(market, holder.Side);
        return i < 0 ? default : (legs[i].Quantity, legs[i].OpenCost);
    }

    private void Broken(string violation)
    {
        if (_violations.Count < MostViolations) _violations.Add(violation);
    }
}
