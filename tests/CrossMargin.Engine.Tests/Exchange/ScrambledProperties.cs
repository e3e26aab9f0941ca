using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Exchange;

/// <summary>The invariants at every delivered message, with messages of many commands in flight and in any order but a pair's own.</summary>
public sealed class ScrambledProperties
{
    private const int Accounts = 50;
    private const int Commands = 1_000;

    public static TheoryData<int> Variants => [.. Enumerable.Range(0, VenueVariants.All.Count)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Prop_AnyOrderOfDelivery_KeepsTheInvariantsAndComesToRest(int variant) => Seeds.Run(2, seed =>
    {
        ScrambledHost host = new(VenueVariants.Profile(variant), seed, wakeEarly: seed % 2 == 0);
        var watch = new IsolatedWatch();
        var rules = new OrderRules(host.Actors.Profile, scrambled: true);
        host.Watch = watch;
        host.Observer = e => rules.See(e);
        Run(host, variant, seed, () => rules.CheckAtRest(host.Actors));
        Coverage.Add("scrambled", rules);
    });

    internal static void Run(ScrambledHost host, int variant, ulong seed, Action atRest)
    {
        var stream = new RandomCommands(host.Actors, seed, Accounts);
        var random = new CounterRandom(seed, 0xFACE);
        int n = -1;
        Command last = default;
        try
        {
            foreach (Command command in stream.Start())
            {
                last = command;
                host.Inject(command);
                while (host.InFlight > 200) host.Step();
            }

            host.RunToRest();
            for (n = 0; n < Commands; n++)
            {
                last = stream.Next();
                host.Inject(last);
                long steps = random.Chance((ulong)n, 30_000) ? 0 : random.Below((ulong)n + 1_000_000, 16);
                for (long i = 0; i < steps && host.InFlight > 0; i++) host.Step();
                if (n % 100 != 99) continue;
                host.RunToRest();
                atRest();
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"{VenueVariants.All[variant].Name}, after command {n} and {host.Delivered} messages: {Describe.Text(last)}: {e.Message}", e);
        }
    }
}
