using System.Security.Cryptography;
using CrossMargin.Engine.Actors;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Engine;

public sealed partial class ExchangeEngine
{
    /// <summary>The first number of every state; rises with each change of what a state holds.</summary>
    public const int StateFormat = 3;

    private const int ChunkBytes = 1 << 20;

    /// <summary>SHA-256 of the whole canonical state, as lower-case hex.</summary>
    public string StateHash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        WriteState(sha.AppendData);
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    /// <summary>The whole canonical state, in pieces of about 1 MiB; equal states give equal bytes. Between two commands only.</summary>
    public void WriteState(StateSink sink)
    {
        if (_stopped is not null) throw _stopped;
        var writer = new StateWriter(ChunkBytes + (ChunkBytes / 4));
        writer.WriteInt32(StateFormat);
        writer.WriteInt64(Sequence);
        writer.WriteTimestamp(Now);
        Flow.Write(writer);
        Prices.Write(writer);
        WriteActor(_fund, writer, sink);
        writer.WriteInt32(_markets.Length);
        foreach (IActor market in _markets) WriteActor(market, writer, sink);
        writer.WriteInt32(_accounts.Count);
        foreach (IActor account in _accounts.Sorted())
        {
            writer.WriteInt32(account.Address.Number);
            WriteActor(account, writer, sink);
        }

        sink(writer.Written);
    }

    /// <summary>
    /// Restores what <see cref="WriteState"/> wrote into an engine that has executed nothing, and has every pool with positions judged
    /// anew, since safe boxes are no state. Throws <see cref="StateFormatException"/> for bytes that are not such a state.
    /// </summary>
    public void ReadState(StateReader reader)
    {
        if (Sequence != 0 || _accounts.Count != 0) throw new InvalidOperationException("state is read into a new engine only");
        int format = reader.ReadInt32();
        if (format != StateFormat) throw reader.Fault($"the state has format {format}, this release reads format {StateFormat}");
        Sequence = reader.ReadInt64();
        _context.Now = reader.ReadTimestamp();
        Flow.Read(reader);
        Prices.Read(reader);
        _fund.Read(reader);
        int markets = reader.ReadInt32();
        if (markets != _markets.Length) throw reader.Fault($"{markets} markets, the profile has {_markets.Length}");
        foreach (IActor market in _markets) market.Read(reader);
        int accounts = reader.ReadCount(4);
        for (int i = 0; i < accounts; i++)
        {
            int id = reader.ReadInt32();
            if (id <= 0 || _accounts.Find(id) is not null) throw reader.Fault($"account {id} cannot be");
            IActor account = _actors.NewAccount(new AccountId(id));
            account.Read(reader);
            _accounts.Add(id, account);
        }

        JudgeAll();
    }

    // A sound pool's judgement leaves no event and no durable change; anything else means that the snapshot was not of a quiet exchange.
    private void JudgeAll()
    {
        foreach (IActor account in _accounts.Sorted()) _actors.RequestJudgements(account, _monitor);
        _events.Clear();
        _touchedCount = 0;
        Drain();
        if (_events.Count == 0) return;
        throw new InvariantViolation($"3: a restored state was not at rest, its first event is {_events.Events[0].Kind}");
    }

    private static void WriteActor(IActor actor, StateWriter writer, StateSink sink)
    {
        actor.Write(writer);
        if (writer.Length < ChunkBytes) return;
        sink(writer.Written);
        writer.Clear();
    }
}

/// <summary>Takes the next piece of a state; the span is valid during the call.</summary>
public delegate void StateSink(ReadOnlySpan<byte> piece);
