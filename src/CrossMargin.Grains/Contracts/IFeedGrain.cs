namespace CrossMargin.Grains.Contracts;

/// <summary>
/// Drives the index prices and the clock of all markets: one a second, from the silo's feed or pushed from outside. The key is 0.
/// </summary>
public interface IFeedGrain : IGrainWithIntegerKey
{
    /// <summary>Makes it run if it does not. Each silo asks every few seconds.</summary>
    Task Ensure();

    /// <summary>Index prices from outside; while they come, the silo's feed is silent. Returns when all markets have taken them.</summary>
    Task Push([Immutable] PushedPrice[] prices);
}

/// <param name="Index">In the market's price units, &gt; 0.</param>
/// <param name="DepthVolume">Lots ≥ 0, 0 when not known: sizes the house's ladder.</param>
[GenerateSerializer, Immutable, Alias("CrossMargin.PushedPrice")]
public readonly record struct PushedPrice([property: Id(0)] int Market, [property: Id(1)] long Index, [property: Id(2)] long DepthVolume);
