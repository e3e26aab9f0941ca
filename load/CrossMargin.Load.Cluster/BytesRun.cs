using System.Diagnostics;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace CrossMargin.Load.Cluster;

/// <summary>Batches of fills through Orleans' serializer and back: as the project's bytes, and field by field. In turns.</summary>
internal static class BytesRun
{
    public static void Run(int rounds)
    {
        Serializer serializer = new ServiceCollection().AddSerializer(s => s.AddAssembly(typeof(Grains.Contracts.IAccountGrain).Assembly)
            .AddAssembly(typeof(BytesRun).Assembly)).BuildServiceProvider().GetRequiredService<Serializer>();
        foreach (int messages in new[] { 1, 16, 256 })
        {
            DeliveryBatch batch = Batch(messages);
            byte[] packed = serializer.SerializeToArray(batch);
            byte[] fields = serializer.SerializeToArray(FieldwiseFills.Of(batch));
            IReadOnlyList<Message> read = serializer.Deserialize<DeliveryBatch>(packed)!.Messages;
            if (!serializer.Deserialize<FieldwiseFills>(fields)!.ToBatch().Messages.SequenceEqual(read, SameBody.Instance))
                throw new InvalidOperationException("the two do not carry the same");
            var ratios = new List<double>();
            (double ours, double theirs) = (0, 0);
            for (int round = 0; round <= rounds; round++) // the first one warms up
            {
                ours = Time(() => serializer.Deserialize<DeliveryBatch>(serializer.SerializeToArray(batch))!, messages);
                theirs = Time(() => serializer.Deserialize<FieldwiseFills>(serializer.SerializeToArray(FieldwiseFills.Of(batch)))!.ToBatch(), messages);
                if (round > 0) ratios.Add(theirs / ours);
            }

            ratios.Sort();
            Console.WriteLine(
                $"{messages,4} fills: {packed.Length / (double)messages:f0} bytes and {ours:f0} ns each as bytes, {fields.Length / (double)messages:f0} bytes"
                + $" and {theirs:f0} ns field by field; median {ratios[ratios.Count / 2]:f2} times the time");
        }
    }

    private static double Time(Func<object> once, int messages)
    {
        int times = 200_000 / messages;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++) once();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / times / messages;
    }

    private static DeliveryBatch Batch(int messages) => new(
        ActorId.Of(new MarketId(3)),
        ActorId.Of(new AccountId(1_234)),
        987_654,
        [.. Enumerable.Range(0, messages).Select(FillOf)],
        new NodeId(4_611_686_018_427_387_904));

    private static Message FillOf(int i) =>
        Message.Of(ActorId.Of(new MarketId(3)), ActorId.Of(new AccountId(1_234)), new CommandId(638_000_000_000_000_000 + i), new Fill
        {
            Order = new OrderId(1_000_000 + i),
            Trade = new TradeId(5_000_000 + i),
            Price = new Price(6_412_345),
            Quantity = new Quantity(1_500 + i),
            Fee = new Amount(48_092_587),
            Counterparty = new AccountId(77 + i),
            Market = new MarketId(3),
            Side = Side.Buy,
            Type = FillKind.Trade,
            IsMaker = i % 2 == 0,
            Final = true,
        });

    private sealed class SameBody : IEqualityComparer<Message>
    {
        public static readonly SameBody Instance = new();

        public bool Equals(Message x, Message y) =>
            x.Kind == y.Kind && x.Cause == y.Cause && x.From == y.From && x.To == y.To && x.BodyBytes.SequenceEqual(y.BodyBytes);

        public int GetHashCode(Message message) => message.Cause.GetHashCode();
    }
}
