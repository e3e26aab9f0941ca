namespace CrossMargin.Engine.Triggers;

/// <summary>
/// Pairing heaps of trailing stops, the smallest callback rate on top: joined in constant time, which is what a new extreme needs. A heap
/// is named by its root; 0 is the empty one.
/// </summary>
internal sealed class CallbackHeap(TriggerPool nodes)
{
    public int Join(int a, int b)
    {
        if (a == 0) return b;
        if (b == 0) return a;
        (int root, int child) = nodes[b].Order.CallbackRate < nodes[a].Order.CallbackRate ? (b, a) : (a, b);
        int first = nodes[root].Child;
        nodes[child].Sibling = first;
        nodes[child].Previous = root;
        if (first != 0) nodes[first].Previous = child;
        nodes[root].Child = child;
        nodes[root].Previous = 0;
        nodes[root].Sibling = 0;
        return root;
    }

    /// <summary>Takes the root off; returns what is left.</summary>
    public int RemoveRoot(int root)
    {
        int left = JoinChildren(root);
        if (left != 0) nodes[left].Previous = nodes[left].Sibling = 0;
        return left;
    }

    /// <summary>
    /// Takes out a node that is not a root: its children, joined, take its place, as none of them has a smaller callback.
    /// </summary>
    public void RemoveInner(int number)
    {
        int previous = nodes[number].Previous;
        int next = nodes[number].Sibling;
        int heir = JoinChildren(number);
        int replacement = heir != 0 ? heir : next;
        if (nodes[previous].Child == number) nodes[previous].Child = replacement;
        else nodes[previous].Sibling = replacement;
        if (replacement != 0) nodes[replacement].Previous = previous;
        if (heir == 0) return;
        nodes[heir].Sibling = next;
        if (next != 0) nodes[next].Previous = heir;
    }

    /// <summary>Joins the children of a node in two passes: in pairs from the left, then all from the right.</summary>
    private int JoinChildren(int number)
    {
        int pairs = 0;
        for (int child = nodes[number].Child; child != 0;)
        {
            int second = nodes[child].Sibling;
            int rest = second == 0 ? 0 : nodes[second].Sibling;
            nodes[child].Sibling = 0;
            int pair = Join(child, second);
            nodes[pair].Sibling = pairs;
            pairs = pair;
            child = rest;
        }

        int joined = 0;
        while (pairs != 0)
        {
            int rest = nodes[pairs].Sibling;
            nodes[pairs].Sibling = 0;
            joined = Join(joined, pairs);
            pairs = rest;
        }

        nodes[number].Child = 0;
        return joined;
    }
}
