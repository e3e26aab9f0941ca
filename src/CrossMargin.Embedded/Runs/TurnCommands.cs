using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

/// <summary>Collects the commands of one turn. Command ids count from 1 within each account.</summary>
internal sealed class TurnCommands : ITraderCommands
{
    private Command[] _commands = new Command[16];
    private AccountId _account;
    private Timestamp _time;
    private long _lastId;

    public ReadOnlySpan<Command> Commands => _commands.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>The last id given.</summary>
    public long LastId => _lastId;

    public void Begin(AccountId account, Timestamp time, long lastId)
    {
        (_account, _time, _lastId, Count) = (account, time, lastId, 0);
    }

    public void Submit<T>(in T command)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        if (Count == _commands.Length) Array.Resize(ref _commands, Count * 2);
        _commands[Count++] = Command.For(_time, _account, new CommandId(++_lastId), command);
    }
}
