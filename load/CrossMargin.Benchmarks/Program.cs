using CrossMargin.Benchmarks;
using CrossMargin.Benchmarks.Book;
using CrossMargin.Benchmarks.Risk;

if (args is not ([] or ["--json", _]))
{
    Console.Error.WriteLine("usage: CrossMargin.Benchmarks [--json FILE]");
    return 2;
}

List<BenchmarkRow> rows = [.. BookBenchmark.Run(), .. RiskBenchmark.Run()];
BenchmarkTable.Print(rows, Console.Out);
if (args.Length == 2) BenchmarkTable.WriteJson(rows, args[1]);
return 0;
