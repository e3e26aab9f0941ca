using System.Runtime.InteropServices;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using Orleans.Storage;

namespace CrossMargin.Grains.Storage;

/// <summary>
/// An actor's storage over an Orleans provider, whichever it is: one record for each key, under the grain's id and a state name made of
/// the actor's kind and the key (some providers leave the grain's type out of what they look for).
/// The provider's ETag is the tag of the contract.
/// </summary>
internal sealed class GrainActorStore(IGrainStorage storage, GrainId grain) : IActorStore
{
    public async Task<StoredRecord> ReadAsync(ActorId actor, string key)
    {
        var state = new GrainState<ActorRecord>(new ActorRecord());
        await storage.ReadStateAsync(NameOf(actor, key), grain, state);
        return state.RecordExists ? new StoredRecord(state.State?.Bytes ?? [], state.ETag) : StoredRecord.None;
    }

    public async Task<StoreResult> WriteAsync(ActorId actor, StoreWrite write)
    {
        var state = new GrainState<ActorRecord>(new ActorRecord { Bytes = ArrayOf(write.Bytes) }, write.Replaces)
        {
            RecordExists = write.Replaces is not null,
        };
        try
        {
            await storage.WriteStateAsync(NameOf(actor, write.Key), grain, state);
            return new StoreResult(StoreOutcome.Written, state.ETag);
        }
        catch (InconsistentStateException)
        {
            return new StoreResult(StoreOutcome.Refused, null);
        }
        catch (Exception)
        {
            return new StoreResult(StoreOutcome.Unknown, null);
        }
    }

    // A record is mostly an array of its own, which nobody changes any more.
    private static byte[] ArrayOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment.Count == segment.Array!.Length ? segment.Array : bytes.ToArray();

    private static string NameOf(ActorId actor, string key) => actor.Kind switch
    {
        ActorKind.Account => "account-" + key,
        ActorKind.Market => "market-" + key,
        ActorKind.Directory => "directory-" + key,
        _ => "fund-" + key,
    };
}

/// <summary>What a provider keeps under a key.</summary>
[GenerateSerializer, Alias("CrossMargin.ActorRecord")]
public sealed class ActorRecord
{
    [Id(0)]
    public byte[] Bytes { get; set; } = [];
}
