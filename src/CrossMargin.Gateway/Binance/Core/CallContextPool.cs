using System.Collections.Concurrent;

namespace CrossMargin.Gateway.Binance;

/// <summary>Contexts to use again; holds at most so many.</summary>
public sealed class CallContextPool(BinanceServices services)
{
    private const int Kept = 256;

    private readonly ConcurrentQueue<CallContext> _free = new();
    private int _count;

    public CallContext Take()
    {
        if (!_free.TryDequeue(out CallContext? context)) return new CallContext(services);
        Interlocked.Decrement(ref _count);
        return context;
    }

    public void Return(CallContext context)
    {
        context.Clear();
        if (context.Oversized) return;
        if (Interlocked.Increment(ref _count) > Kept)
        {
            Interlocked.Decrement(ref _count);
            return;
        }

        _free.Enqueue(context);
    }
}
