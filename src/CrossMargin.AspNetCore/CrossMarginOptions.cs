using CrossMargin.Embedded.History;
using CrossMargin.Feeds;
using CrossMargin.Gateway.Alerts;
using CrossMargin.Gateway.Binance;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Traders;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace CrossMargin.AspNetCore;

/// <summary>What an exchange inside an application is made of. The defaults: nothing is kept, Binance's rules, a synthetic feed, no traders.</summary>
public sealed class CrossMarginOptions
{
    /// <summary>The folder of journal, history, keys and admin token; null: all is gone with the process.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Of a new exchange; one that is there keeps its own. Null: <see cref="VenueProfiles.Binance"/>.</summary>
    public VenueProfile? Profile { get; set; }

    /// <summary>Null: as it was when the exchange stopped; at first synthetic.</summary>
    public FeedChoice? Feed { get; set; }

    /// <summary>Simulated traders. Null: as they were when the exchange stopped; at first <see cref="FirstTraders"/>.</summary>
    public TraderChoice? Traders { get; set; }

    /// <summary>Simulated traders where none were ever chosen; at first nobody.</summary>
    public TraderChoice FirstTraders { get; set; } = new(0, null, []);

    /// <summary>So many simulated traders, whatever else they are; null: as many as they were.</summary>
    public int? TraderCount { get; set; }

    /// <summary>Only to be looked at: the state after this command of the journal, every command refused. Null: the exchange runs.</summary>
    public long? Until { get; set; }

    /// <summary>
    /// Null: the wall clock, which the operator can pause and speed up. A clock of one's own has neither feed nor traders: the application
    /// sets prices itself, and time moves with commands.
    /// </summary>
    public IExchangeClock? Clock { get; set; }

    /// <summary>Null: from CROSSMARGIN_ADMIN_TOKEN; else from the data folder's file, which is made at first; else drawn for the process.</summary>
    public string? AdminToken { get; set; }

    /// <summary>Where the key ring is kept that secrets are encrypted with; null: in the data folder.</summary>
    public IXmlRepository? KeyRing { get; set; }

    /// <summary>What history keeps.</summary>
    public HistoryMode History { get; set; } = HistoryMode.All;

    /// <summary>Commands older than so many days of exchange time are dropped; 0: never.</summary>
    public int KeepDays { get; set; }

    /// <summary>Exchange time between two points of the equity curves.</summary>
    public TimeSpan EquityInterval { get; set; } = TimeSpan.FromMinutes(1);

    public WebhookOptions Webhooks { get; set; } = new();

    /// <summary>Limits on requests and orders.</summary>
    public Action<BinanceOptions>? Limits { get; set; }

    public IFeedFactory FeedFactory { get; set; } = new LiveFeeds();

    public ITraderFactory TraderFactory { get; set; } = new LiveTraders(1);
}
