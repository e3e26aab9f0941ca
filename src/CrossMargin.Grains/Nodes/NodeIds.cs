using CrossMargin.Hosting.Delivery;

namespace CrossMargin.Grains.Nodes;

/// <summary>A silo in one of its lives as a node: the same number on every machine.</summary>
internal static class NodeIds
{
    public static NodeId Of(SiloAddress silo) => new(unchecked(((long)silo.Generation << 32) | (uint)silo.GetConsistentHashCode()));
}
