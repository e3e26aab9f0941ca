using CrossMargin.Embedded.History;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.History;

public sealed class HistoryQueueTests
{
    private static readonly Event[] s_one = [Script.Of(1, 1, default(Traded))];

    [Fact]
    public void Append_QueueFull_WaitsUntilTheWriterHasWritten()
    {
        var target = new GatedTarget();
        var options = new HistoryOptions { BufferEvents = 1, MaxBuffers = 3, BuffersPerTransaction = 1 };
        using var queue = new HistoryQueue("test", target, 0, options);
        for (int i = 1; i <= 3; i++) queue.Append(s_one, i);
        Assert.True(queue.IsBehind);

        var fourth = new Thread(() => queue.Append(s_one, 4));
        fourth.Start();
        SpinUntil(() => queue.Waits == 1);
        Assert.Equal(3, queue.AppendedSequence);

        target.Open.Set();
        fourth.Join();
        queue.CatchUpTo(4);
        Assert.False(queue.IsBehind);
        Assert.Equal([1, 2, 3, 4], target.Sequences);
        Assert.Equal(1, queue.Waits);
    }

    [Fact]
    public void Append_OldestIsOlderThanTheLimit_WaitsUntilItIsWritten()
    {
        var target = new GatedTarget();
        var clock = new HandClock();
        using var queue = new HistoryQueue("test", target, 0, new HistoryOptions { BufferEvents = 1, Clock = clock });
        queue.Append(s_one, 1);
        target.Entered.WaitOne();
        clock.Advance(TimeSpan.FromSeconds(30));
        queue.Append(s_one, 2);
        Assert.False(queue.IsBehind);

        clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.True(queue.IsBehind);
        var third = new Thread(() => queue.Append(s_one, 3));
        third.Start();
        SpinUntil(() => queue.Waits == 1);
        Assert.Equal(2, queue.AppendedSequence);

        target.Open.Set();
        third.Join();
        queue.CatchUpTo(3);
        Assert.Equal([1, 2, 3], target.Sequences);
    }

    [Fact]
    public void Append_ToldAgainOrWithAGap_IsSkippedOrRefused()
    {
        var target = new GatedTarget();
        target.Open.Set();
        using var queue = new HistoryQueue("test", target, 5, new HistoryOptions());
        queue.Append(s_one, 5);
        queue.Append(s_one, 6);
        queue.Append(s_one, 6);
        queue.Append([], 7);
        Assert.Throws<InvalidOperationException>(() => queue.Append(s_one, 9));
        queue.CatchUpTo(7);
        Assert.Equal([6], target.Sequences);
        Assert.Equal(7, target.Last);
    }

    [Fact]
    public void Append_ManyEventsOfOneCommand_StayInOneTransaction()
    {
        var target = new GatedTarget();
        target.Open.Set();
        using var queue = new HistoryQueue("test", target, 0, new HistoryOptions { BufferEvents = 4, BuffersPerTransaction = 1 });
        queue.Append([.. Enumerable.Repeat(s_one[0], 3)], 1);
        queue.Append([.. Enumerable.Repeat(s_one[0], 40)], 2);
        queue.CatchUpTo(2);
        Assert.Equal(43, target.Sequences.Count);
        Assert.Single(target.Writes, write => write.Contains(2));
        Assert.Equal(40, target.Writes.Sum(write => write.Count(sequence => sequence == 2)));
    }

    [Fact]
    public void Append_AfterAFailure_ThrowsItsLineAlsoToWhoWaits()
    {
        var target = new GatedTarget { Fault = new IOException("no room", 28) };
        HistoryError? told = null;
        var options = new HistoryOptions { BufferEvents = 1, MaxBuffers = 1 };
        using var queue = new HistoryQueue("exchange.db", target, 0, options) { Failed = e => told = e };
        queue.Append(s_one, 1);
        HistoryException? thrown = null;
        var second = new Thread(() => thrown = Assert.Throws<HistoryException>(() => queue.Append(s_one, 2)));
        second.Start();
        SpinUntil(() => queue.Waits == 1);
        target.Open.Set();
        second.Join();
        Assert.Equal(HistoryErrorKind.DiskFull, thrown!.Error.Kind);
        Assert.Throws<HistoryException>(() => queue.Append(s_one, 2));
        Assert.Throws<HistoryException>(() => queue.CatchUpTo(1));
        Assert.Equal(queue.Failure, thrown.Error);
        SpinUntil(() => told is not null);
    }

    private static void SpinUntil(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)));

    /// <summary>Writes nothing until it is opened.</summary>
    private sealed class GatedTarget : IHistoryTarget
    {
        public ManualResetEvent Open { get; } = new(false);

        public ManualResetEvent Entered { get; } = new(false);

        public Exception? Fault { get; init; }

        public List<long> Sequences { get; } = [];

        public List<List<long>> Writes { get; } = [];

        public long Last { get; private set; }

        public void Write(IReadOnlyList<HistoryBuffer> buffers, long lastSequence)
        {
            Entered.Set();
            Open.WaitOne();
            if (Fault is not null) throw Fault;
            var write = new List<long>();
            foreach (HistoryBuffer buffer in buffers)
            {
                foreach (HistoryRecord record in buffer.Records) write.Add(record.Id >> RowId.IndexBits);
            }

            Sequences.AddRange(write);
            Writes.Add(write);
            Last = lastSequence;
        }

        public void Dispose()
        {
            Open.Dispose();
            Entered.Dispose();
        }
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _ticks);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }
}
