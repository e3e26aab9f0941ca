using System.CommandLine;
using CrossMargin.Load.Cluster;

var inFlight = new Option<int>("--in-flight") { DefaultValueFactory = _ => 128, Description = "Orders under way at one time." };
var accounts = new Option<int>("--accounts") { DefaultValueFactory = _ => 64, Description = "Accounts." };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5, Description = "Rounds after the one that warms up." };
var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 3, Description = "Length of each half of a round." };
var rate = new Command("rate", "Orders/s on one silo against bare grain pings; group commit against a write for each input.")
{
    inFlight, accounts, rounds, seconds,
};
rate.SetAction(p => RateRun.RunAsync(p.GetValue(inFlight), p.GetValue(accounts), p.GetValue(rounds), p.GetValue(seconds)));

var many = new Option<int>("--accounts") { DefaultValueFactory = _ => 100_000, Description = "Active accounts with a position." };
var ticks = new Option<int>("--ticks") { DefaultValueFactory = _ => 200, Description = "Ticks." };
var tick = new Command("tick", "A tick to many active accounts against a call to each.") { many, ticks };
tick.SetAction(p => TickRun.RunAsync(p.GetValue(many), p.GetValue(ticks)));

var holders = new Option<int>("--accounts") { DefaultValueFactory = _ => 10_000, Description = "Accounts with positions." };
var health = new Option<string[]>("--silos") { Required = true, AllowMultipleArgumentsPerToken = true, Description = "Addresses of the silos' /health." };
var kills = new Option<string[]>("--during")
{
    AllowMultipleArgumentsPerToken = true,
    Description = "Shell commands, run one after the other while liquidations run (kill a silo, add one).",
};
var crash = new Command("crash", "A crash on a cluster of silo processes that are killed meanwhile; the client is configured by the environment.")
{
    holders, health, kills,
};
crash.SetAction(p => CrashRun.RunAsync(p.GetValue(holders), p.GetValue(health)!, p.GetValue(kills) ?? []));

var counted = new Option<int>("--accounts") { Required = true, Description = "Accounts 1 to N." };
var audit = new Command("audit", "Counts all money and positions of a cluster as it stands; the client is configured by the environment.") { counted };
audit.SetAction(p => CrashRun.AuditAsync(p.GetValue(counted)));

var processes = new Option<int[]>("--processes") { Required = true, AllowMultipleArgumentsPerToken = true, Description = "Process ids of the silos." };
var growth = new Command("growth", "Orders/s of a running cluster and the CPU they take of it; the client is configured by the environment.")
{
    inFlight, accounts, rounds, seconds, processes,
};
growth.SetAction(p => GrowthRun.RunAsync(
    p.GetValue(inFlight), p.GetValue(accounts), p.GetValue(seconds), p.GetValue(rounds), p.GetValue(processes)!));

var bytes = new Command("bytes", "Messages between silos as bytes against field by field: size and time.") { rounds };
bytes.SetAction(p => BytesRun.Run(p.GetValue(rounds)));

var root = new RootCommand("Measures the cluster.") { rate, tick, growth, bytes, crash, audit };
return await root.Parse(args).InvokeAsync();
