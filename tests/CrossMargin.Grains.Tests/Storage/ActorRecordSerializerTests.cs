using CrossMargin.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace CrossMargin.Grains.Tests.Storage;

public sealed class ActorRecordSerializerTests
{
    [Fact]
    public void Serialize_ARecord_GivesItsBytesAndReadsThemAndWhatTheDefaultWrote()
    {
        using IHost host = Silo();
        var defaults = host.Services.GetRequiredService<IGrainStorageSerializer>();
        var ours = host.Services.GetRequiredKeyedService<IGrainStorageSerializer>("crossmargin");
        var record = new ActorRecord { Bytes = [2, 0, 255, 7] };
        Assert.Equal(record.Bytes, ours.Serialize(record).ToArray());
        Assert.Equal(record.Bytes, ours.Deserialize<ActorRecord>(ours.Serialize(record))!.Bytes);
        Assert.Equal(record.Bytes, ours.Deserialize<ActorRecord>(defaults.Serialize(record))!.Bytes);
    }

    [Fact]
    public void Serialize_AnythingElse_IsAsTheDefaultDoesIt()
    {
        using IHost host = Silo();
        var ours = host.Services.GetRequiredKeyedService<IGrainStorageSerializer>("crossmargin");
        Assert.Equal("[1,2]", ours.Deserialize<string>(ours.Serialize("[1,2]")));
    }

    private static IHost Silo()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddCrossMargin());
        return builder.Build();
    }
}
