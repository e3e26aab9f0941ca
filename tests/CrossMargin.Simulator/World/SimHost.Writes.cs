using CrossMargin.Hosting.Delivery;

namespace CrossMargin.Simulator.World;

// What storage does to a write.
internal sealed partial class SimHost
{
    private void Write(HostedActor actor, StoreWrite write)
    {
        FaultPlan plan = _world.Plan;
        SimRandom random = _world.Random;
        if (plan.Hits(random, plan.WriteFailed, FaultKind.WriteFailed))
        {
            Complete(actor, write, random.Between(1, 20), StoreOutcome.Unknown);
            return;
        }

        if (plan.Hits(random, plan.WriteTorn, FaultKind.WriteTorn))
        {
            Complete(actor, write, random.Between(200, 3_000), StoreOutcome.Unknown);
            return;
        }

        if (plan.Hits(random, plan.WriteLate, FaultKind.WriteLate))
        {
            Complete(actor, write, random.Between(200, 2_000), StoreOutcome.Unknown);
            _world.After(random.Between(100, 240_000), StepKind.Land, () =>
            {
                if (_world.Store.Write(actor.Address, write).Outcome == StoreOutcome.Written) plan.Count(FaultKind.WriteLateLanded);
            });
            return;
        }

        bool slow = plan.Hits(random, plan.WriteSlow, FaultKind.WriteSlow);
        bool failed = plan.Hits(random, plan.WriteReportedFailed, FaultKind.WriteReportedFailed);
        bool refused = !failed && plan.Hits(random, plan.WriteReportedRefused, FaultKind.WriteReportedRefused);
        bool survives = random.Chance(500_000); // a request that is under way when its host dies may still arrive
        long takes = slow ? random.Between(200, 4_000) : random.Between(2, 15);
        _world.After(takes, StepKind.Land, () =>
        {
            if (!IsAlive && !survives) return;
            StoreResult result = _world.Store.Write(actor.Address, write);
            if (_world.IsTraced) _world.Trace($"{actor.Address} {write.Key} {result.Outcome} ({Id})");
            if (failed) result = new StoreResult(StoreOutcome.Unknown, null);
            if (refused) result = new StoreResult(StoreOutcome.Refused, null); // as a provider does that tries again by itself
            _world.After(slow ? random.Between(1, 500) : random.Between(1, 5), StepKind.Stored, () => Stored(actor, write, result));
        });
    }

    private void Complete(HostedActor actor, StoreWrite write, long after, StoreOutcome outcome) =>
        _world.After(after, StepKind.Stored, () => Stored(actor, write, new StoreResult(outcome, null)));

    private void Stored(HostedActor actor, StoreWrite write, StoreResult result)
    {
        if (!IsAlive || Find(actor.Address) != actor) return;
        actor.Activation.Stored(write, result);
        if (actor.Activation is LogActivation { DeletedKeys.Count: > 0 } log)
        {
            foreach (string key in log.DeletedKeys) _world.Store.Delete(actor.Address, key);
            log.DeletedKeys.Clear();
        }

        Pump(actor);
    }
}
