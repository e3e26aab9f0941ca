using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Simulator.Audit;

/// <summary>A stored record of an account or the fund, taken apart; the reader stands before the actor's own state.</summary>
internal sealed record StateImage(long Commit, long EventNumber, PeerLinks Links, CommandLedger Ledger, StateReader Rest)
{
    public static StateImage Read(ActorId self, ReadOnlyMemory<byte> bytes)
    {
        var reader = new StateReader(bytes);
        byte format = RecordFormat.Read(reader);
        string fault = reader.ReadString();
        if (fault.Length > 0) throw new InvariantViolation($"{fault} (fault of {self})");
        long commit = reader.ReadInt64();
        reader.ReadTimestamp();
        long eventNumber = reader.ReadInt64();
        var links = new PeerLinks(self);
        links.Read(reader);
        var ledger = new CommandLedger();
        ledger.Read(reader, format);
        return new StateImage(commit, eventNumber, links, ledger, reader);
    }
}
