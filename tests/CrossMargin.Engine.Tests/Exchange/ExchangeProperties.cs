using CrossMargin.Embedded.Engine;
using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Exchange;

/// <summary>The invariants over random streams of all commands, one command at a time to quiescence.</summary>
public sealed class ExchangeProperties
{
    private const int Accounts = 50;
    private const int Commands = 1_500;

    public static TheoryData<int> Variants => [.. Enumerable.Range(0, VenueVariants.All.Count)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Prop_EveryCommand_LeavesAllInvariants(int variant) => Seeds.Run(2, seed =>
    {
        VenueProfile profile = VenueVariants.Profile(variant);
        var actors = new EngineActors(profile);
        var engine = new ExchangeEngine(profile, actors);
        var stream = new RandomCommands(actors, seed, Accounts);
        var outside = new OutsideTotals(profile);
        var rules = new OrderRules(profile);
        int n = 0;
        foreach (Command command in stream.Start()) Execute(command);
        for (; n < Commands; n++) Execute(stream.Next());
        Coverage.Add("one command at a time", rules);

        void Execute(in Command command)
        {
            try
            {
                rules.Before(actors.Prices);
                engine.Execute(command);
                outside.Count(engine.Events);
                foreach (Event e in engine.Events) rules.See(e);
                ExchangeAudit.CheckAtRest(actors, outside);
                rules.CheckAtRest(actors);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{VenueVariants.All[variant].Name}, command {n}: {Describe.Text(command)}: {e.Message}", e);
            }
        }
    });
}
