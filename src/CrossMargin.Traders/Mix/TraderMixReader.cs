using CrossMargin.Model;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CrossMargin.Traders;

/// <summary>
/// Reads a mix from YAML, strictly: an unknown key, strategy or parameter, a number out of its bounds or shares that do not add up to 1
/// end it with one line that names source and line. Numbers are decimal text; nothing passes through a binary float.
/// </summary>
public static class TraderMixReader
{
    private static readonly string[] s_entryKeys = ["name", "share", "count", "deposit", "markets", "fees", "parameters"];
    private static readonly string[] s_depositKeys = ["min", "max"];
    private static readonly string[] s_feeKeys = ["maker", "taker"];

    public static TraderMixResult Read(string yaml, string source)
    {
        try
        {
            return new TraderMixResult(new TraderMix(source, yaml, ReadStrategies(yaml, source)), null);
        }
        catch (MixFault fault)
        {
            return new TraderMixResult(null, $"{source}:{fault.Line}: {fault.Message}");
        }
        catch (YamlException e)
        {
            return new TraderMixResult(null, $"{source}:{e.Start.Line}: no YAML: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static List<StrategyShare> ReadStrategies(string yaml, string source)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        if (stream.Documents.Count != 1) throw new MixFault(1, $"one YAML document expected, {stream.Documents.Count} found");
        MixMapping root = MixMapping.Of(stream.Documents[0].RootNode, source, ["strategies"]);
        if (root.Required("strategies") is not YamlSequenceNode list) throw new MixFault(root.Line, "\"strategies\" is no list");
        var shares = new List<StrategyShare>();
        foreach (YamlNode node in list.Children) shares.Add(ReadEntry(node));
        if (shares.Count == 0) throw new MixFault(MixMapping.LineOf(list), "\"strategies\" is empty");
        long sum = shares.Sum(s => s.Share.E8);
        if (sum != 0 && sum != Rate.One) throw new MixFault(MixMapping.LineOf(list), $"the shares add up to {new Rate(sum)}, not to 1");
        return shares;
    }

    private static StrategyShare ReadEntry(YamlNode node)
    {
        MixMapping entry = MixMapping.Of(node, "strategy", s_entryKeys);
        string name = entry.Text("name");
        StrategyDefinition strategy = StrategyCatalog.Find(name)
            ?? throw entry.Fault("name", $"unknown strategy \"{name}\"; known: {StrategyCatalog.Names}");
        if (entry.Has("share") == entry.Has("count")) throw new MixFault(entry.Line, $"{name} needs either \"share\" or \"count\"");
        MixMapping deposit = MixMapping.Of(entry.Required("deposit"), "deposit", s_depositKeys);
        var min = new Amount(deposit.Number("min", 8, 1, 1_000_000_000 * Amount.One));
        var max = new Amount(deposit.Number("max", 8, 1, 1_000_000_000 * Amount.One));
        if (max < min) throw deposit.Fault("max", $"the largest deposit {max} is below the smallest {min}");
        MixMapping? fees = entry.Optional("fees") is { } f ? MixMapping.Of(f, "fees", s_feeKeys) : null;
        return new StrategyShare
        {
            Strategy = strategy,
            Share = entry.Has("share") ? new Rate(entry.Number("share", 8, 1, Rate.One)) : Rate.Zero,
            Count = entry.Has("count") ? (int)entry.Number("count", 0, 0, 10_000_000) : null,
            DepositMin = min,
            DepositMax = max,
            Markets = ReadMarkets(entry),
            MakerFee = fees is null ? null : new Rate(fees.Number("maker", 8, -Rate.One / 100, Rate.One / 10)),
            TakerFee = fees is null ? null : new Rate(fees.Number("taker", 8, 0, Rate.One / 10)),
            Parameters = ReadParameters(entry.Optional("parameters"), strategy),
            Line = entry.Line,
        };
    }

    private static List<string> ReadMarkets(MixMapping entry)
    {
        var symbols = new List<string>();
        switch (entry.Optional("markets"))
        {
            case null or YamlScalarNode { Value: "all" }:
                return symbols;
            case YamlSequenceNode list when list.Children.Count > 0:
                foreach (YamlNode node in list.Children)
                {
                    string? symbol = (node as YamlScalarNode)?.Value;
                    if (string.IsNullOrEmpty(symbol)) throw new MixFault(MixMapping.LineOf(node), "markets: a symbol expected");
                    if (symbols.Contains(symbol)) throw new MixFault(MixMapping.LineOf(node), $"market \"{symbol}\" is named twice");
                    symbols.Add(symbol);
                }

                return symbols;
            default:
                throw entry.Fault("markets", "\"all\" or a list of symbols expected");
        }
    }

    private static ParameterRange[] ReadParameters(YamlNode? node, StrategyDefinition strategy)
    {
        var ranges = new ParameterRange[strategy.Parameters.Count];
        MixMapping? given = node is null
            ? null
            : MixMapping.Of(node, $"{strategy.Name} parameters", [.. strategy.Parameters.Select(p => p.Name)]);
        for (int i = 0; i < ranges.Length; i++)
        {
            ParameterSpec spec = strategy.Parameters[i];
            ranges[i] = given is not null && given.Has(spec.Name)
                ? given.Range(spec.Name, spec.Decimals, spec.Min, spec.Max)
                : new ParameterRange(spec.DefaultLow, spec.DefaultHigh);
        }

        return ranges;
    }
}
