using System.Globalization;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Simulator.World;

namespace CrossMargin.Simulator;

/// <summary>The program around <see cref="Simulation"/>: one seed or many.</summary>
internal static class CommandLine
{
    private const string Usage = """
        --seed N | --seeds A-B    one seed, or many side by side (default --seed 1)
        --hosts N --accounts N --steps N
        --plant FAULT             a planted fault: NoDeduplication, SendBeforeWrite, AcknowledgeBeforeWrite, DeleteLogRecords, NoHolderSweep,
                                  LoseHistory
        --venue N                 1 to 6: this venue, not one that the seed picks (4 has collateral)
        --threads N               for --seeds (default: processors)
        --trace                   each step as a line (one seed)
        """;

    public static int Run(string[] args)
    {
        (ulong first, ulong last) = (1, 1);
        int threads = Environment.ProcessorCount;
        var options = new SimulationOptions { Seed = 1 };
        try
        {
            for (int i = 0; i < args.Length; i++)
            {
                string Value() => ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} needs a value");
                switch (args[i])
                {
                    case "--seed": first = last = ulong.Parse(Value(), CultureInfo.InvariantCulture); break;
                    case "--seeds":
                        string[] range = Value().Split('-', 2);
                        first = ulong.Parse(range[0], CultureInfo.InvariantCulture);
                        last = ulong.Parse(range[^1], CultureInfo.InvariantCulture);
                        break;
                    case "--hosts": options = options with { Hosts = Number(Value(), 1, 50) }; break;
                    case "--accounts": options = options with { Accounts = Number(Value(), 1, 100_000) }; break;
                    case "--steps": options = options with { Steps = Number(Value(), 100, int.MaxValue) }; break;
                    case "--plant": options = options with { Planted = Enum.Parse<PlantedFaults>(Value()) }; break;
                    case "--venue": options = options with { Venue = Number(Value(), 1, Venues.Count) }; break;
                    case "--threads": threads = Number(Value(), 1, 1_000); break;
                    case "--trace": options = options with { Trace = Console.Out }; break;
                    default: throw new FormatException($"unknown option {args[i]}");
                }
            }
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            Console.Error.WriteLine(e.Message);
            Console.Error.WriteLine(Usage);
            return 2;
        }

        return Run(options, first, last, threads);
    }

    private static string FirstLines(string text) => string.Join(" |", text.Split('\n').Take(3)).Replace("\r", "", StringComparison.Ordinal);

    private static int Number(string text, int low, int high)
    {
        int value = int.Parse(text, CultureInfo.InvariantCulture);
        return value >= low && value <= high ? value : throw new FormatException($"{value} is not between {low} and {high}");
    }

    private static int Run(SimulationOptions options, ulong first, ulong last, int threads)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        long[] faults = new long[Enum.GetValues<FaultKind>().Length];
        (long steps, long failures) = (0, 0);
        ulong hash = 0;
        Parallel.For((long)first, (long)last + 1, new ParallelOptions { MaxDegreeOfParallelism = threads }, seed =>
        {
            SimulationResult result = Simulation.Run(options with { Seed = (ulong)seed });
            lock (sums)
            {
                steps += result.Steps;
                hash ^= result.Hash;
                foreach ((string name, long n) in result.Counts) sums[name] = sums.GetValueOrDefault(name) + n;
                for (int i = 0; i < faults.Length; i++) faults[i] += result.Faults[i];
                if (result.Failure is null) return;
                failures++;
                Console.WriteLine($"seed {seed} fails at step {result.Steps}: {(first == last ? result.Failure : FirstLines(result.Failure))}");
                Console.WriteLine($"  {result.Options.CommandLine}");
            }
        });

        foreach ((string name, long n) in sums) Console.WriteLine($"{n,12} {name}");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>()) Console.WriteLine($"{faults[(int)kind],12} fault {kind}");
        Console.WriteLine(
            $"{last - first + 1} seeds, {steps} steps, {failures} failures, hash {hash:x16}, {watch.Elapsed.TotalSeconds:f1} s");
        return failures == 0 ? 0 : 1;
    }
}
