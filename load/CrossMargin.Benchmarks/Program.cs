foreach (var row in CrossMargin.Benchmarks.Book.BookBenchmark.Run()) System.Console.WriteLine(row);
return 0;
