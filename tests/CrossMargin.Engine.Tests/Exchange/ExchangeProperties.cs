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
        var shortfalls = new ShortfallWatch(actors);
        int n = 0;
        foreach (Command command in stream.Start()) Execute(command);
        for (; n < Commands; n++) Execute(stream.Next());
        Coverage.Add("one command at a time", rules);

        void Execute(in Command command)
        {
            try
            {
                rules.Before(actors.Prices);
                shortfalls.Before();
                engine.Execute(command);
                outside.Count(engine.Events);
                foreach (Event e in engine.Events) rules.See(e);
                ExchangeAudit.CheckAtRest(actors, outside);
                rules.CheckAtRest(actors);
                shortfalls.After(engine.Events);
                NoCommandLiquidatesItsOwnAccount(command, engine.Events);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{VenueVariants.All[variant].Name}, command {n}: {Describe.Text(command)}: {e.Message}", e);
            }
        }
    });

    /// <summary>
    /// What an account may do leaves it sound: unless somebody else's order, a conditional order or deleveraging had a hand in it, no
    /// command starts a liquidation of the account that gave it.
    /// </summary>
    private static void NoCommandLiquidatesItsOwnAccount(in Command command, ReadOnlySpan<Event> events)
    {
        if (command.Message.To.Kind != ActorKind.Account) return;
        var account = new AccountId(command.Message.To.Number);
        bool started = false;
        foreach (ref readonly Event e in events)
        {
            if (e.Account != account) continue;
            if (e.Kind == EventKind.TriggerEnded) return;
            if (e.Kind == EventKind.OrderFilled && (e.Body<OrderFilled>().IsMaker || e.Body<OrderFilled>().Order.IsNone)) return;
            started |= e.Kind == EventKind.LiquidationStarted;
        }

        if (started) throw new InvariantViolation("3: the command liquidated its own account");
    }
}
