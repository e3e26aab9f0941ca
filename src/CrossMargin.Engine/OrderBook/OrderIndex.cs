using System.Runtime.CompilerServices;
using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>
/// (account, order id) → node: open addressing with linear probing and backward-shift deletion, so there are no tombstones. A slot is
/// the key's 32-bit home above the node's number. Eight consecutive ids of an account share one home block: since ids rise within an
/// account, an account that places many orders keeps writing to the same cache line.
/// </summary>
internal sealed class OrderIndex
{
    private ulong[] _slots = new ulong[64];
    private int _count;

    public long AllocatedBytes => _slots.LongLength * 8;

    public void Insert(NodePool nodes, int account, long orderId, int node)
    {
        if (_count * 8L >= _slots.Length * 5L) Grow();
        ulong[] slots = _slots;
        int mask = slots.Length - 1;
        uint home = Home(account, orderId);
        int i = (int)(home & (uint)mask);
        ulong slot;
        while ((slot = slots[i]) != 0)
        {
            if ((uint)(slot >> 32) == home && IsKey(ref nodes[NodeOf(slot)], account, orderId))
            {
                throw new InvariantViolation($"order {orderId} of account {account} is on the book already");
            }

            i = (i + 1) & mask;
        }

        slots[i] = ((ulong)home << 32) | (uint)node;
        _count++;
    }

    /// <summary>The node of a key, 0 if there is none.</summary>
    public int Find(NodePool nodes, int account, long orderId)
    {
        ulong[] slots = _slots;
        int mask = slots.Length - 1;
        uint home = Home(account, orderId);
        int i = (int)(home & (uint)mask);
        ulong slot;
        while ((slot = slots[i]) != 0)
        {
            if ((uint)(slot >> 32) == home && IsKey(ref nodes[NodeOf(slot)], account, orderId)) return NodeOf(slot);
            i = (i + 1) & mask;
        }

        return 0;
    }

    public void Remove(int account, long orderId, int node)
    {
        ulong[] slots = _slots;
        int mask = slots.Length - 1;
        int hole = (int)(Home(account, orderId) & (uint)mask);
        while (NodeOf(slots[hole]) != node)
        {
            if (slots[hole] == 0) throw new InvariantViolation($"order {orderId} of account {account} is not in the index");
            hole = (hole + 1) & mask;
        }

        // Pull back what was pushed past the hole, so that no probe stops early.
        int i = hole;
        while (true)
        {
            i = (i + 1) & mask;
            ulong slot = slots[i];
            if (slot == 0) break;
            int home = (int)((uint)(slot >> 32) & (uint)mask);
            if (((i - home) & mask) >= ((i - hole) & mask))
            {
                slots[hole] = slot;
                hole = i;
            }
        }

        slots[hole] = 0;
        _count--;
    }

    public void Clear()
    {
        Array.Clear(_slots);
        _count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NodeOf(ulong slot) => unchecked((int)(uint)slot);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsKey(ref OrderNode node, int account, long orderId) => node.Id == orderId && node.Owner == account;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Home(int account, long orderId)
    {
        unchecked
        {
            ulong x = ((ulong)(orderId >> 3) * 0x9E3779B97F4A7C15UL) ^ ((ulong)(uint)account * 0xD1B54A32D192ED03UL);
            x ^= x >> 32;
            x *= 0xBF58476D1CE4E5B9UL;
            return ((uint)(x >> 32) << 3) | ((uint)orderId & 7);
        }
    }

    /// <summary>Doubles. The slots carry their homes, so no node is touched, and reading in order writes almost in order.</summary>
    private void Grow()
    {
        ulong[] old = _slots;
        var slots = new ulong[old.Length * 2];
        int mask = slots.Length - 1;
        foreach (ulong slot in old)
        {
            if (slot == 0) continue;
            int i = (int)((uint)(slot >> 32) & (uint)mask);
            while (slots[i] != 0) i = (i + 1) & mask;
            slots[i] = slot;
        }

        _slots = slots;
    }
}
