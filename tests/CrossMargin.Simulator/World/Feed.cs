using CrossMargin.Model;

namespace CrossMargin.Simulator.World;

/// <summary>
/// Index prices and the clock, as an outside source sends them: no ids, no answers, no second try. Prices drift, crash for some ticks,
/// jump beyond the band now and then, and come back.
/// </summary>
internal sealed class Feed
{
    private const long TickMilliseconds = 1_000;
    private const long One = 1_000_000;

    private readonly Universe _world;
    private readonly long[] _start;
    private readonly long[] _level; // of the start price, in millionths
    private readonly long[] _crash; // ticks that the market goes on falling (or rising, below zero)

    public Feed(Universe world)
    {
        _world = world;
        IReadOnlyList<MarketSpec> markets = world.Profile.Markets;
        _start = new long[markets.Count];
        _level = new long[markets.Count];
        _crash = new long[markets.Count];
        for (int i = 0; i < _start.Length; i++)
        {
            MarketSpec spec = markets[i];
            _start[i] = spec.TryParsePrice(i switch { 0 => "100", 1 => "40", _ => "10" }, DecimalRounding.Down, out Price price) ? price.Units : 1;
            _level[i] = One;
        }

        world.Every(TickMilliseconds, StepKind.Feed, () =>
        {
            if (IsOn) Tick();
            return true;
        });
    }

    public bool IsOn { get; set; } = true;

    /// <summary>Prices stay where they are.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Moves every market at once, within its band: who is not watched now stays as he is.</summary>
    public void Shock()
    {
        for (int i = 0; i < _level.Length; i++)
        {
            long move = _level[i] * _world.Random.Between(80, 160) / 1_000;
            bool down = _level[i] > One * 3 || (_level[i] > One / 4 && _world.Random.Chance(500_000));
            _level[i] += down ? -move : move;
        }
    }

    private void Tick()
    {
        for (int i = 0; i < _start.Length; i++)
        {
            if (!IsCalm) Move(i);
            MarketSpec spec = _world.Profile.Markets[i];
            var price = new Price(Math.Max(spec.MinPrice.Units * 2, (long)((Int128)_start[i] * _level[i] / One)));
            long volume = _world.Random.Chance(500_000) ? 0 : _world.Random.Below(100_000);
            Send(ActorId.Of(spec.Id), new SetIndexPrice { Market = spec.Id, Index = price, DepthVolume = new Quantity(volume) });
        }

        foreach (MarketSpec spec in _world.Profile.Markets) Send(ActorId.Of(spec.Id), new AdvanceTime { Now = _world.Now });
        Send(ActorId.Fund, new AdvanceTime { Now = _world.Now });
    }

    private void Move(int i)
    {
        SimRandom random = _world.Random;
        long permille = random.Between(-6, 6);
        if (_crash[i] != 0)
        {
            permille = _crash[i] > 0 ? -random.Between(10, 90) : random.Between(10, 80);
            _crash[i] -= Math.Sign(_crash[i]);
        }
        else if (random.Chance(40_000))
        {
            _crash[i] = random.Between(2, 8) * (random.Chance(650_000) ? 1 : -1);
        }
        else if (random.Chance(8_000))
        {
            permille = random.Chance(500_000) ? -random.Between(210, 330) : random.Between(210, 330);
        }
        else if (random.Chance(300_000))
        {
            permille = Math.Sign(One - _level[i]) * 15; // it does not run away
        }

        _level[i] = Math.Clamp(_level[i] + (_level[i] * permille / 1_000), One / 20, One * 8);
    }

    private void Send<T>(ActorId to, in T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        if (_world.Cluster.Route(null, to) is not { } host) return;
        var message = Message.Of(ActorId.Client, to, CommandId.None, body);
        _world.Network.Send(host, StepKind.Command, () => host.Submit(to, message, 0, []));
    }
}
