using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Conformance;

/// <summary>What some hosts have and others do not.</summary>
[Flags]
public enum HostFeatures
{
    None = 0,

    /// <summary>All actors are on one sequence and between two commands nothing is in flight.</summary>
    OneMoment = 1,

    /// <summary>A command that comes twice under one id has one effect.</summary>
    CommandsOnce = 2,
}

/// <summary>One exchange with all its ports, wherever its actors are. Shared by many tests or made for one.</summary>
public interface IConformanceHost : IAsyncDisposable
{
    HostFeatures Features { get; }

    IExchangeGateway Gateway { get; }

    IEventStream Events { get; }

    IExchangeHistory History { get; }

    /// <summary>Null where the host is tested without one.</summary>
    IAccountDirectory? Directory { get; }

    /// <summary>Null where the host is tested without one.</summary>
    ISettingsStore? Settings { get; }

    /// <summary>A market that no other test uses; of <see cref="ConformanceVenue"/>.</summary>
    MarketId TakeMarket();

    /// <summary>An account that no other test uses; not opened yet.</summary>
    AccountId TakeAccount();

    /// <summary>An id that no other command has.</summary>
    CommandId TakeCommand();

    /// <summary>A new index price; ends when whoever judges an account judges it by this price.</summary>
    Task SetIndexAsync(MarketId market, Price index);
}
