using System.Runtime.InteropServices;
using CrossMargin.Embedded.Engine;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Exchange;

/// <summary>The same commands give the same events and the same state: with the full scan instead of the risk index, and from any snapshot.</summary>
public sealed class TwinProperties
{
    private const int Accounts = 50;
    private const int Commands = 1_200;

    public static TheoryData<int> Variants => [.. Enumerable.Range(0, VenueVariants.All.Count)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Prop_FullScanMonitor_GivesTheSameEventsAndState(int variant) => Seeds.Run(1, seed =>
    {
        VenueProfile profile = VenueVariants.Profile(variant);
        var actors = new EngineActors(profile);
        var engine = new ExchangeEngine(profile, actors);
        var twin = new ExchangeEngine(profile, new EngineActors(profile, fullScan: true));
        var stream = new RandomCommands(actors, seed, Accounts);
        foreach (Command command in stream.Start()) Both(engine, twin, command);
        for (int n = 0; n < Commands; n++)
        {
            Both(engine, twin, stream.Next());
            if (n % 200 == 199) Assert.Equal(engine.StateHash(), twin.StateHash());
        }
    });

    [Theory]
    [MemberData(nameof(Variants))]
    public void Prop_SnapshotTakenAnywhere_ContinuesIdentically(int variant) => Seeds.Run(1, seed =>
    {
        VenueProfile profile = VenueVariants.Profile(variant);
        var actors = new EngineActors(profile);
        var engine = new ExchangeEngine(profile, actors);
        var stream = new RandomCommands(actors, seed, Accounts);
        var random = new CounterRandom(seed, 0xB00C);
        foreach (Command command in stream.Start()) engine.Execute(command);
        ExchangeEngine copy = Copy(engine);
        for (int n = 0; n < Commands; n++)
        {
            if (random.Chance((ulong)n, 20_000))
            {
                Assert.Equal(engine.StateHash(), copy.StateHash());
                copy = Copy(engine);
                Assert.Equal(engine.StateHash(), copy.StateHash());
            }

            Both(engine, copy, stream.Next());
        }

        Assert.Equal(engine.StateHash(), copy.StateHash());
    });

    internal static ExchangeEngine Copy(ExchangeEngine engine)
    {
        var bytes = new MemoryStream();
        engine.WriteState(piece => bytes.Write(piece));
        var copy = new ExchangeEngine(engine.Profile, new EngineActors(engine.Profile));
        copy.ReadState(new StateReader(bytes.ToArray()));
        return copy;
    }

    private static void Both(ExchangeEngine a, ExchangeEngine b, in Command command)
    {
        a.Execute(command);
        b.Execute(command);
        ReadOnlySpan<Event> x = a.Events;
        ReadOnlySpan<Event> y = b.Events;
        if (MemoryMarshal.AsBytes(x).SequenceEqual(MemoryMarshal.AsBytes(y))) return;
        int i = 0;
        while (i < x.Length && i < y.Length && MemoryMarshal.AsBytes(x.Slice(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(y.Slice(i, 1)))) i++;
        string first = i < x.Length ? Describe.Text(x[i]) : "nothing";
        string second = i < y.Length ? Describe.Text(y[i]) : "nothing";
        Assert.Fail($"command {a.Sequence} {Describe.Text(command)}: event {i} is {first}, of the twin {second}");
    }
}
