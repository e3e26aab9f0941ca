return CrossMargin.Simulator.CommandLine.Run(args);
