using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CrossMargin.Server.Tests.Simulate;

namespace CrossMargin.Server.Tests.Serve;

/// <summary>TLS by Kestrel's own settings, in both of the ways that the documentation names.</summary>
public sealed class ServeTlsTests
{
    private const string Password = "a-password-of-the-tests";

    [Theory]
    [InlineData("Kestrel__Endpoints__Https__Certificate__", "Kestrel__Endpoints__Https__Url", "https://127.0.0.1:0")]
    [InlineData("ASPNETCORE_Kestrel__Certificates__Default__", "UNUSED", "", "--urls", "https://127.0.0.1:0")]
    public async Task Serve_WithACertificate_SpeaksTlsWithIt(string certificate, string variable, string value, params string[] options)
    {
        using var folder = new TempFolder();
        using X509Certificate2 own = Certificate();
        await File.WriteAllBytesAsync(folder["tls.pfx"], own.Export(X509ContentType.Pfx, Password));
        KeyValuePair<string, string>[] environment =
        [
            new(certificate + "Path", folder["tls.pfx"]), new(certificate + "Password", Password), new(variable, value),
        ];
        using ServedExchange served = await ServedExchange.StartTlsAsync(environment, ["--ephemeral", .. options]);
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == own.Thumbprint,
        };
        using var http = new HttpClient(handler);
        Assert.Equal("https", served.Address.Scheme);
        using HttpResponseMessage answer = await http.GetAsync(new Uri(served.Address, "/fapi/v1/ping"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
