namespace CrossMargin.Simulator.World;

/// <summary>Carries calls between hosts, and between clients and hosts: it loses, repeats, delays and so reorders them.</summary>
internal sealed class Network(Universe world)
{
    /// <summary>The longest that anything is delayed; copies of commands live no longer, which is what their ids rely on.</summary>
    public const long LongestDelay = 5_000;

    /// <param name="to">Null: to the clients, who are always there.</param>
    /// <param name="arrive">Runs when it arrives, maybe twice, maybe never; not at a host that is dead by then.</param>
    /// <param name="failed">Runs when it is known to be lost; often nobody knows.</param>
    public void Send(SimHost? to, StepKind kind, Action arrive, Action? failed = null)
    {
        FaultPlan plan = world.Plan;
        if (plan.Hits(world.Random, kind == StepKind.Notice ? plan.NoticeLoss : plan.Loss,
            kind == StepKind.Notice ? FaultKind.NoticeLost : FaultKind.MessageLost))
        {
            if (failed is not null && world.Random.Chance(500_000)) world.After(50, kind, failed);
            return;
        }

        Carry(to, kind, arrive);
        if (plan.Hits(world.Random, plan.Repeat, FaultKind.MessageRepeated)) Carry(to, kind, arrive);
    }

    private void Carry(SimHost? to, StepKind kind, Action arrive)
    {
        long delay = world.Random.Between(1, 12);
        if (world.Plan.Hits(world.Random, world.Plan.Delay, FaultKind.MessageDelayed))
            delay += world.Random.Below(world.Random.Between(20, LongestDelay));
        world.After(delay, kind, () =>
        {
            if (to is null || to.IsAlive) arrive();
        });
    }
}
