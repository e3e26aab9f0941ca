using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Conformance;

// Falling prices: to the end, and to the last unit.
public abstract partial class ExchangeConformance
{
    [Fact]
    public async Task Crash_CrossPool_IsLiquidatedToItsEndInTheBook()
    {
        MarketId market = await MarketAsync();
        AccountId weak = await AccountAsync("60");
        AccountId strong = await AccountAsync("100000");
        await TradeAsync(weak, strong, market, "10", "100");
        await DoneAsync(strong, Limit(market, Side.Buy, "20", "94.2"));
        Amount fund = (await Gateway.ReadFundAsync()).Wallet;
        Amount before = await MoneyAsync(market, weak, strong);
        await IndexAsync(market, "94.3");
        LiquidationRecord row = await EndOfAsync(weak);
        Assert.Equal(MarketId.None, row.Market);
        Assert.True(row.Equity <= row.Maintenance && row.Ended >= row.Started);
        AccountSnapshot over = await StateAsync(weak);
        Assert.False(over.InLiquidation);
        Assert.True(Net(over, market).Abs < Lots("10"));
        Assert.False(Wallet(over).IsNegative);
        await UntilAsync(
            async () => await MoneyAsync(market, weak, strong) + (await Gateway.ReadFundAsync()).Wallet == before + fund,
            "not a unit is lost");
        IReadOnlyList<LiquidationStepRecord> steps = await _host.History.LiquidationStepsAsync(weak, row.Liquidation);
        Assert.Equal(("started", "ended"), (steps[0].Step, steps[^1].Step));
        Assert.Contains(steps, s => s.Step == "fill");
    }

    [Fact]
    public async Task Crash_WithoutBids_GoesToTheFundAndNobodyOwes()
    {
        MarketId market = await MarketAsync();
        AccountId weak = await AccountAsync("60");
        AccountId strong = await AccountAsync("100000");
        await TradeAsync(weak, strong, market, "10", "100");
        await IndexAsync(market, "88");
        LiquidationRecord row = await EndOfAsync(weak);
        AccountSnapshot over = await StateAsync(weak);
        Assert.True(Net(over, market).IsZero);
        Assert.True(Wallet(over).IsZero, Wallet(over).ToString());
        Assert.True(row.FundNotional + row.DeleveragedNotional > Amount.Zero);
        FundSnapshot fund = await Gateway.ReadFundAsync();
        Assert.False(fund.Wallet.IsNegative);
    }

    [Fact]
    public async Task Crash_IsolatedLeg_LosesItsMarginAlone()
    {
        MarketId market = await MarketAsync();
        AccountId weak = await AccountAsync("1000");
        AccountId strong = await AccountAsync("100000");
        await DoneAsync(weak, new SetMarginMode { Market = market, Mode = MarginMode.Isolated });
        await TradeAsync(weak, strong, market, "10", "100");
        Amount margin = Assert.Single((await StateAsync(weak)).Legs).IsolatedWallet;
        Amount rest = (await StateAsync(weak)).CrossWallet;
        await IndexAsync(market, "90");
        LiquidationRecord row = await EndOfAsync(weak);
        Assert.Equal(market, row.Market);
        AccountSnapshot over = await StateAsync(weak);
        Assert.True(Net(over, market).IsZero);
        Assert.True(Wallet(over) >= rest && Wallet(over) <= rest + margin, $"{Wallet(over)} of {rest} and {margin}");
    }

    [Fact]
    public async Task Crash_ManyAccounts_AddsUpToTheLastUnit()
    {
        MarketId market = await MarketAsync();
        AccountId strong = await AccountAsync("1000000");
        AccountId[] weak = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AccountAsync("60")));
        await DoneAsync(strong, Limit(market, Side.Sell, "80", "100"));
        foreach (AccountId account in weak) await DoneAsync(account, Limit(market, Side.Buy, "10", "100", TimeInForce.Ioc));
        await DoneAsync(strong, Limit(market, Side.Buy, "40", "94.2"));
        AccountId[] all = [strong, .. weak];
        Amount fund = (await Gateway.ReadFundAsync()).Wallet;
        await UntilAsync(async () => Net(await StateAsync(strong), market) == Lots("-80"), "the maker has its fills");
        Amount before = await MoneyAsync(market, all);
        await IndexAsync(market, "94.3");
        foreach (AccountId account in weak) await EndOfAsync(account);
        await UntilAsync(
            async () =>
            {
                FundSnapshot after = await Gateway.ReadFundAsync();
                Amount own = after.Wallet;
                foreach (FundPositionSnapshot held in after.Positions.Where(p => p.Market == market)) own -= held.OpenCost;
                return await MoneyAsync(market, all) + own == before + fund;
            },
            "not a unit is lost");
        Quantity sum = Quantity.Zero;
        foreach (AccountId account in all) sum += Net(await StateAsync(account), market);
        foreach (FundPositionSnapshot held in (await Gateway.ReadFundAsync()).Positions.Where(p => p.Market == market)) sum += held.Quantity;
        Assert.True(sum.IsZero);
    }

    // Accounts' own money and the market's fees; without a house and dust (no funding) that is all there is.
    private async Task<Amount> MoneyAsync(MarketId market, params AccountId[] accounts)
    {
        Amount sum = (await Gateway.ReadMarketAsync(market)).Fees;
        foreach (AccountId account in accounts) sum += Book(await StateAsync(account));
        return sum;
    }

    private async Task<LiquidationRecord> EndOfAsync(AccountId account)
    {
        LiquidationRecord? row = null;
        await UntilAsync(
            async () =>
            {
                row = (await _host.History.LiquidationsAsync(account, HistoryPage.Last(1))).FirstOrDefault();
                return row is not null && row.Ended.Milliseconds > 0 && !(await StateAsync(account)).InLiquidation;
            },
            $"{account} is liquidated");
        return row!;
    }
}
