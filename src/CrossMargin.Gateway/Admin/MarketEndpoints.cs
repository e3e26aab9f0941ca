using System.Text.Json.Serialization;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Admin;

/// <param name="Pause">Why liquidation and market orders wait, or "None".</param>
public sealed record MarketItem(
    string Symbol, string Status, string Pause, long Time, string? Index, string? Mark, string? Last, string? BestBid, string? BestAsk,
    string OpenInterest, string LastFundingRate, string FundingEstimate, long NextFunding, string HouseQuantity, string HouseWallet, string Fees,
    HouseSettings House, IReadOnlyList<BracketItem> Brackets, string NotionalCap)
{
    public static MarketItem Of(VenueProfile profile, MarketSnapshot s)
    {
        MarketSpec m = profile[s.Market];
        string? Text(Price price) => price.IsNone ? null : m.Format(price);
        return new MarketItem(
            m.Symbol, s.Status.ToString(), s.Pause.ToString(), s.Time.Milliseconds, Text(s.Index), Text(s.Mark), Text(s.Last), Text(s.BestBid.Price),
            Text(s.BestAsk.Price), m.Format(s.OpenInterest), s.LastFundingRate.ToString(), s.FundingEstimate.ToString(), s.NextFundingTime.Milliseconds,
            m.Format(s.HouseQuantity), s.HouseWallet.ToString(), s.Fees.ToString(), HouseSettings.Of(s.House), BracketItem.Of(s.Tiers),
            s.Tiers.Cap.ToString());
    }
}

public sealed record MarketList(IReadOnlyList<MarketItem> Markets);

/// <param name="Floor">Smallest notional of the bracket.</param>
public sealed record BracketItem(string Floor, string MaintenanceRate, string Deduction, int MaxLeverage)
{
    public static IReadOnlyList<BracketItem> Of(TierTable tiers)
    {
        var items = new List<BracketItem>();
        foreach (Tier tier in tiers.Tiers) items.Add(new BracketItem(tier.Floor.ToString(), tier.Rate.ToString(), tier.Deduction.ToString(), tier.MaxLeverage));
        return items;
    }
}

/// <summary>The house's synthetic ladder; rates are fractions of the index, depth is the notional of the first level.</summary>
public sealed record HouseSettings(
    bool Enabled, int Levels, string HalfSpread, string LevelStep, string DepthNotional, string VolumeShare, string LevelGrowth, long RefillMilliseconds)
{
    public static HouseSettings Of(HouseSpec h) => new(
        h.Enabled, h.Levels, h.HalfSpread.ToString(), h.LevelStep.ToString(), h.DepthNotional.ToString(), h.VolumeShare.ToString(),
        h.LevelGrowth.ToString(), h.RefillMilliseconds);
}

/// <param name="Rate">Per interval: longs pay shorts where it is positive. From -0.03 to 0.03.</param>
public sealed record SettleFundingNow(string Rate);

[JsonConverter(typeof(JsonStringEnumConverter<PriceControlName>))]
public enum PriceControlName
{
    Release = PriceControlKind.Release,
    Hold = PriceControlKind.Hold,
    Drift = PriceControlKind.Drift,
    Shock = PriceControlKind.Shock,
    Set = PriceControlKind.Set,
}

/// <param name="Kind">Release: the feed's own price. Hold: this price. Drift: by a rate per hour. Shock: at once by a rate. Set: at once to a price.</param>
/// <param name="Price">For Hold and Set.</param>
/// <param name="Rate">For Drift and Shock: a fraction from -0.99 to 10.</param>
public sealed record ControlPrice(PriceControlName Kind, string? Price = null, string? Rate = null)
{
    internal PriceControl ToControl(MarketSpec market)
    {
        bool price = Kind is PriceControlName.Hold or PriceControlName.Set;
        bool rate = Kind is PriceControlName.Drift or PriceControlName.Shock;
        if (price != Price is not null) throw AdminProblem.BadValue("price", price ? $"{Kind} needs a price" : $"{Kind} takes no price");
        if (rate != Rate is not null) throw AdminProblem.BadValue("rate", rate ? $"{Kind} needs a rate" : $"{Kind} takes no rate");
        return new PriceControl(
            (PriceControlKind)Kind, price ? AdminText.Price(market, Price!, "price") : default,
            rate ? AdminText.Rate(Rate!, "rate", new Rate(-99 * (Model.Rate.One / 100)), new Rate(10 * Model.Rate.One)) : default);
    }
}

public sealed record FundItem(long Time, string Wallet, string Deficit, IReadOnlyList<FundPositionItem> Positions);

public sealed record FundPositionItem(string Symbol, string Quantity, string OpenCost, string Mark, string UnrealizedProfit);

/// <param name="Amount">In the settlement asset, more than zero.</param>
public sealed record DepositFund(string Amount);

/// <summary>Markets, their prices, their house, funding, and the insurance fund.</summary>
internal static class MarketEndpoints
{
    private static readonly Rate s_maxFunding = new(3 * (Rate.One / 100));

    public static void Map(IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder group = admin.MapGroup("/markets").WithTags("Markets");
        group.MapGet("", ListAsync).WithSummary("All markets with their figures");
        group.MapGet("/{symbol}", GetAsync).WithSummary("One market");
        group.MapPost("/{symbol}/halt", HaltAsync).WithSummary("Refuse orders; cancels work, liquidation waits");
        group.MapPost("/{symbol}/resume", ResumeAsync).WithSummary("Trade again");
        group.MapPost("/{symbol}/funding", FundingAsync).WithSummary("Settle funding now at a rate");
        group.MapPut("/{symbol}/brackets", BracketsAsync).WithSummary("Leverage of each bracket and the largest position, for new risk");
        group.MapPut("/{symbol}/house", HouseAsync).WithSummary("House liquidity: on, off, and its ladder");
        group.MapPut("/{symbol}/price", PriceAsync).WithSummary("Set, hold, drift, shock or release the index price");
        RouteGroupBuilder fund = admin.MapGroup("/fund").WithTags("Insurance fund");
        fund.MapGet("", FundAsync).WithSummary("The fund's wallet, deficit and positions");
        fund.MapPost("/deposit", DepositAsync).WithSummary("Credit the fund");
    }

    private static async Task<MarketList> ListAsync(AdminExchange exchange) => new(
        [.. (await exchange.Gateway.ReadMarketsAsync().ConfigureAwait(false)).Select(s => MarketItem.Of(exchange.Profile, s))]);

    private static async Task<MarketItem> GetAsync(string symbol, AdminExchange exchange)
    {
        MarketSpec market = AdminText.Market(exchange.Profile, symbol);
        return MarketItem.Of(exchange.Profile, await exchange.Gateway.ReadMarketAsync(market.Id).ConfigureAwait(false));
    }

    private static Task<MarketItem> HaltAsync(string symbol, AdminExchange exchange) => SetStatusAsync(symbol, MarketStatus.Halted, exchange);

    private static Task<MarketItem> ResumeAsync(string symbol, AdminExchange exchange) => SetStatusAsync(symbol, MarketStatus.Trading, exchange);

    private static async Task<MarketItem> SetStatusAsync(string symbol, MarketStatus status, AdminExchange exchange)
    {
        MarketSpec market = AdminText.Market(exchange.Profile, symbol);
        var command = new SetMarketStatus { Market = market.Id, Status = status };
        await exchange.DoAsync(exchange.Market(market.Id, command)).ConfigureAwait(false);
        return await GetAsync(symbol, exchange).ConfigureAwait(false);
    }

    private static async Task<MarketItem> FundingAsync(string symbol, AdminBody<SettleFundingNow> body, AdminExchange exchange)
    {
        MarketSpec market = AdminText.Market(exchange.Profile, symbol);
        Rate rate = AdminText.Rate(body.Value.Rate, "rate", -s_maxFunding, s_maxFunding);
        await exchange.DoAsync(exchange.Market(market.Id, new SettleFunding { Market = market.Id, Rate = rate })).ConfigureAwait(false);
        return await GetAsync(symbol, exchange).ConfigureAwait(false);
    }

    private static async Task<MarketItem> BracketsAsync(string symbol, AdminBody<SetBrackets> body, AdminExchange exchange)
    {
        MarketSpec market = AdminText.Market(exchange.Profile, symbol);
        SetBrackets b = body.Value;
        if (b.MaxLeverage.Count is 0 or > TierLeverages.Capacity || b.MaxLeverage.Any(l => l is < 1 or > 1_000))
        {
            throw AdminProblem.BadValue("maxLeverage", $"1 to {TierLeverages.Capacity} leverages from 1 to 1000, one a bracket");
        }

        MarketSnapshot present = await exchange.Gateway.ReadMarketAsync(market.Id).ConfigureAwait(false);
        Amount cap = b.NotionalCap is null ? present.Tiers.Cap : AdminText.Positive(b.NotionalCap, "notionalCap");
        await exchange.DoAsync(exchange.Market(market.Id, b.ToCommand(market.Id, cap))).ConfigureAwait(false);
        return await GetAsync(symbol, exchange).ConfigureAwait(false);
    }

    private static async Task<MarketItem> HouseAsync(string symbol, AdminBody<SetHouseTo> body, AdminExchange exchange)
    {
        MarketSpec market = AdminText.Market(exchange.Profile, symbol);
        MarketSnapshot present = await exchange.Gateway.ReadMarketAsync(market.Id).ConfigureAwait(false);
        await exchange.DoAsync(exchange.Market(market.Id, body.Value.ToCommand(market.Id, present.House))).ConfigureAwait(false);
        return await GetAsync(symbol, exchange).ConfigureAwait(false);
    }

    private static async Task<MarketItem> PriceAsync(
        string symbol, AdminBody<ControlPrice> body, AdminExchange exchange, ISimulatorControls controls)
    {
        MarketSpec market = AdminText.Market(exchange.Profile, symbol);
        await controls.ControlPriceAsync(market.Id, body.Value.ToControl(market)).ConfigureAwait(false);
        return await GetAsync(symbol, exchange).ConfigureAwait(false);
    }

    private static async Task<FundItem> FundAsync(AdminExchange exchange)
    {
        FundSnapshot fund = await exchange.Gateway.ReadFundAsync().ConfigureAwait(false);
        return new FundItem(fund.Time.Milliseconds, fund.Wallet.ToString(), fund.Deficit.ToString(), [.. fund.Positions.Select(p =>
        {
            MarketSpec m = exchange.Profile[p.Market];
            return new FundPositionItem(m.Symbol, m.Format(p.Quantity), p.OpenCost.ToString(), m.Format(p.Mark), p.UnrealizedProfit.ToString());
        })]);
    }

    private static async Task<FundItem> DepositAsync(AdminBody<DepositFund> body, AdminExchange exchange)
    {
        var deposit = new DepositToFund { Amount = AdminText.Positive(body.Value.Amount, "amount") };
        await exchange.DoAsync(exchange.Fund(deposit)).ConfigureAwait(false);
        return await FundAsync(exchange).ConfigureAwait(false);
    }
}
