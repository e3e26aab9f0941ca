using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CrossMargin.Server.Tests.Serve;

/// <summary>The built program as a process that serves on a free port, and a client of its demo account.</summary>
internal sealed class ServedExchange : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _error;
    private readonly HttpClient _http = new() { Timeout = s_longest };

    private ServedExchange(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it printed up to the line that says how to stop it.</summary>
    public string Output => _output.ToString();

    public Uri Address { get; private set; } = null!;

    public string ApiKey { get; set; } = "";

    public string Secret { get; set; } = "";

    /// <summary>Ends with a started exchange; throws with what it wrote where it did not start.</summary>
    public static Task<ServedExchange> StartAsync(params string[] arguments) => StartAsync([], arguments);

    /// <summary>The same with variables of the environment.</summary>
    public static Task<ServedExchange> StartAsync(IReadOnlyList<KeyValuePair<string, string>> environment, params string[] arguments) =>
        StartTlsAsync(environment, ["--port", "0", .. arguments]);

    /// <summary>The same without a port: the addresses come from the arguments or the environment.</summary>
    public static async Task<ServedExchange> StartTlsAsync(IReadOnlyList<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        var served = new ServedExchange(Begin(["--traders", "5", .. arguments], environment));
        while (await served._process.StandardOutput.ReadLineAsync().WaitAsync(s_longest) is { } line)
        {
            served._output.AppendLine(line);
            if (!line.StartsWith("Ctrl-C", StringComparison.Ordinal)) continue;
            served.Address = new Uri(served.After(" at ").Split(' ', ',')[0]);
            served.ApiKey = served.After("api key ");
            served.Secret = served.After("secret ");
            return served;
        }

        throw new InvalidOperationException($"it did not start: {await served._error}");
    }

    /// <summary>Runs to its end; what it wrote to standard error.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Begin(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(s_longest);
        await output;
        return (process.ExitCode, await error);
    }

    /// <summary>SIGTERM, as a service manager does; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        Task<string> rest = _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync().WaitAsync(s_longest);
        _output.Append(await rest);
        return _process.ExitCode;
    }

    /// <summary>What it wrote to standard error; it is over.</summary>
    public Task<string> ErrorAsync() => _error.WaitAsync(s_longest);

    /// <summary>A request of the operator.</summary>
    public async Task<JsonElement> AdminAsync(HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, "/admin/v1" + path));
        request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage response = await _http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(s_longest);
    }

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _http.GetStringAsync(new Uri(Address, path))).RootElement;

    /// <summary>A request of the demo account; the body is whatever came back.</summary>
    public async Task<JsonElement> SignedAsync(HttpMethod method, string path, string query = "")
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        string text = $"{query}{(query.Length > 0 ? "&" : "")}timestamp={now}&recvWindow=60000";
        string signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(Secret), Encoding.ASCII.GetBytes(text)));
        using var request = new HttpRequestMessage(method, new Uri(Address, $"{path}?{text}&signature={signature}"));
        request.Headers.Add("X-MBX-APIKEY", ApiKey);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    public async Task<decimal> PositionAsync(string symbol)
    {
        JsonElement positions = await SignedAsync(HttpMethod.Get, "/fapi/v2/positionRisk", $"symbol={symbol}");
        return positions.EnumerateArray().Sum(p => decimal.Parse(p.GetProperty("positionAmt").GetString()!, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        _http.Dispose();
    }

    private static Process Begin(string[] arguments, IReadOnlyList<KeyValuePair<string, string>>? environment = null)
    {
        bool isHost = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet";
        var start = new ProcessStartInfo(isHost ? Environment.ProcessPath! : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(CommandLine).Assembly.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment ?? []) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("no process was started");
    }

    private string After(string label)
    {
        int at = Output.IndexOf(label, StringComparison.Ordinal);
        return at < 0 ? "" : Output[(at + label.Length)..].Split('\n')[0].Trim();
    }
}
