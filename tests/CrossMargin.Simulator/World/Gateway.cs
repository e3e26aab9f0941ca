using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Simulator.World;

/// <summary>
/// The clients: each command has an id, goes out again with the same id until it is answered, and no more than 128 follow one that is not.
/// What they send is made up from the durable state, as somebody would who reads it.
/// </summary>
internal sealed class Gateway
{
    private const int Window = 128;
    private const int Confirmed = 8;

    private readonly Universe _world;
    private readonly RandomCommands _commands;
    private readonly SortedDictionary<ActorId, Client> _clients = [];
    private readonly Dictionary<long, Pending> _byTicket = []; // to look up, never to go through
    private readonly Dictionary<long, ulong> _answers = [];
    private readonly long _gap;
    private long _lastId;
    private long _lastTicket;

    public Gateway(Universe world)
    {
        _world = world;
        _commands = new RandomCommands(world.Audit.Actors, world.Options.Seed, world.Options.Accounts);
        foreach (Command command in _commands.Start())
        {
            if (command.Message.To.Kind == ActorKind.Account) ClientOf(command.Message.To).Setup.Enqueue(command.Message);
        }

        _gap = Math.Max(1, world.Random.Between(15, 60) * 40 / world.Options.Accounts);
        world.Every(200, StepKind.Client, Tick);
        PlanNext();
    }

    /// <summary>New commands are made up.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Commands without answer.</summary>
    public int Unanswered { get; private set; }

    public long Sent => _lastId;

    /// <summary>A command of an operator or client, from outside the random ones.</summary>
    public void Issue(Message message)
    {
        Client client = ClientOf(message.To);
        message.Cause = new CommandId(++_lastId);
        var pending = new Pending(client, message, ++client.Issued);
        client.Pending.Add(pending);
        Unanswered++;
        Send(pending);
    }

    public void Answered(CommandReply reply)
    {
        if (!_byTicket.TryGetValue(reply.Ticket, out Pending? pending)) return;
        if (reply.Id != pending.Message.Cause)
            throw new InvariantViolation($"6: ticket {reply.Ticket} of {pending.Message.Cause} answers {reply.Id}");
        if (reply.Unavailable is not null) return; // asked again
        ulong answer = Bytes.Hash(reply.Events);
        if (!pending.IsAnswered)
        {
            pending.IsAnswered = true;
            Unanswered--;
            _world.Tally.Count("answered");
            _answers.Add(reply.Id.Value, answer);
            CheckEffect(pending.Message, reply);
            pending.Client.Pending.Remove(pending);
            pending.Client.Answered.Enqueue(reply.Id);
            if (pending.Client.Answered.Count > Confirmed) pending.Client.Answered.Dequeue();
            return;
        }

        bool mayBeEmpty = reply.Events.Count == 0; // it was told that the answer is known
        if (!mayBeEmpty && answer != _answers[reply.Id.Value])
            throw new InvariantViolation($"6: {reply.Id} was answered twice, not with the same");
    }

    public string Describe()
    {
        foreach (Client client in _clients.Values)
        {
            foreach (Pending p in client.Pending) return $"{p.Message.Cause} {p.Message.Kind} to {p.Message.To}, tried {p.Tries} times";
        }

        return "none";
    }

    private bool Tick()
    {
        foreach (Client client in _clients.Values)
        {
            foreach (Pending pending in client.Pending)
            {
                if (_world.Now - pending.SentAt >= 600) Send(pending);
            }

            if (client.Pending.Count == 0 && client.Setup.TryDequeue(out Message next)) Issue(next);
        }

        return true;
    }

    private void PlanNext() => _world.After(_world.Random.Between(1, _gap * 2), StepKind.Client, () =>
    {
        if (IsOn)
        {
            if (_world.Random.Chance(60_000)) Read();
            else Next();
        }

        PlanNext();
    });

    private void Next()
    {
        int account = 1 + (int)_world.Random.Below(_world.Options.Accounts);
        if (ClientOf(ActorId.Of(new AccountId(account))).Setup.Count > 0) return;
        Message message = _commands.NextOf(account, _world.Now).Message;
        Client client = ClientOf(message.To);
        if (client.Pending.Count > 0 && client.Issued - client.Pending[0].Number >= Window) return;
        Issue(message);
    }

    private void Read()
    {
        var address = ActorId.Of(new AccountId(1 + (int)_world.Random.Below(_world.Options.Accounts)));
        if (_world.Cluster.Route(null, address) is not { } host) return;
        _world.Network.Send(host, StepKind.Command, () => host.Read(address, 1, m => ((AccountMachine)m).Actor.State.LastId));
    }

    private void Send(Pending pending)
    {
        pending.SentAt = _world.Now;
        pending.Tries++;
        if (_world.Cluster.Route(null, pending.Message.To) is not { } host) return;
        long ticket = ++_lastTicket;
        _byTicket.Add(ticket, pending);
        CommandId[] answered = [.. pending.Client.Answered];
        Message message = pending.Message;
        if (_world.IsTraced) _world.Trace($"command {message.Cause.Value} {message.Kind} to {message.To} at {host.Id}");
        _world.Network.Send(host, StepKind.Command, () => host.Submit(message.To, message, ticket, answered));
    }

    private Client ClientOf(ActorId to)
    {
        if (!_clients.TryGetValue(to, out Client? client)) _clients.Add(to, client = new Client());
        return client;
    }

    /// <summary>What a client can tell from its own answer: money came in once, or the command was refused.</summary>
    private static void CheckEffect(in Message command, CommandReply reply)
    {
        if (command.Kind != MessageKind.Deposit) return;
        int credited = 0;
        int refused = 0;
        foreach (Event e in reply.Events)
        {
            if (e.Kind == EventKind.BalanceChanged && e.Body<BalanceChanged>().Reason == BalanceReason.Deposit
                && e.Body<BalanceChanged>().Change == command.Body<Deposit>().Amount) credited++;
            if (e.Kind == EventKind.CommandRefused) refused++;
        }

        if (credited + refused != 1)
            throw new InvariantViolation($"6: {command.Cause} was credited {credited} times and refused {refused} times");
    }

    private sealed class Client
    {
        public List<Pending> Pending { get; } = [];
        public Queue<Message> Setup { get; } = new();
        public Queue<CommandId> Answered { get; } = new();
        public long Issued { get; set; }
    }

    private sealed class Pending(Client client, Message message, long number)
    {
        public Client Client => client;
        public Message Message => message;
        public long Number => number;
        public Timestamp SentAt { get; set; }
        public int Tries { get; set; }
        public bool IsAnswered { get; set; }
    }
}
