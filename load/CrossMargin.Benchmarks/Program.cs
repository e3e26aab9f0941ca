using CrossMargin.Benchmarks;
using CrossMargin.Benchmarks.Book;
using CrossMargin.Benchmarks.History;
using CrossMargin.Benchmarks.Risk;
using CrossMargin.Benchmarks.Serving;
using CrossMargin.Benchmarks.WholePath;

string[] known = ["book", "path", "footprint", "history", "risk", "serving"];
string? json = null;
var only = new List<string>();
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--json" && i + 1 < args.Length)
    {
        json = args[++i];
    }
    else if (known.Contains(args[i]))
    {
        only.Add(args[i]);
    }
    else
    {
        Console.Error.WriteLine($"usage: CrossMargin.Benchmarks [{string.Join("|", known)}]... [--json FILE]");
        return 2;
    }
}

bool Wanted(string name) => only.Count == 0 || only.Contains(name);
var rows = new List<BenchmarkRow>();
if (Wanted("book")) rows.AddRange(BookBenchmark.Run());
if (Wanted("path")) rows.AddRange(WholePathBenchmark.Run());
if (Wanted("footprint")) rows.AddRange(FootprintBenchmark.Run());
if (Wanted("history")) rows.AddRange(HistoryBenchmark.Run());
if (Wanted("risk")) rows.AddRange(RiskBenchmark.Run());
if (Wanted("serving")) rows.AddRange(ServingBenchmark.Run());
BenchmarkTable.Print(rows, Console.Out);
if (json is not null) BenchmarkTable.WriteJson(rows, json);
return 0;
