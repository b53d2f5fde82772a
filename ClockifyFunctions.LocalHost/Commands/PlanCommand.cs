using System.Net.Http.Headers;
using System.Text.Json;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Shows what the records of a file would do, by the API of a running app. Exit code 0: nothing; 1: there are errors; 2: there are changes.</summary>
internal static class PlanCommand
{
    /// <summary>Environment variables. A key in an argument would be visible in every process list.</summary>
    public const string KeyVariable = "KEY", AddressVariable = "API";

    private const int Nothing = 0, Errors = 1, Changes = 2;

    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancel)
    {
        var address = Environment.GetEnvironmentVariable(AddressVariable) ?? "http://127.0.0.1:7071/api";
        using var http = new HttpClient { BaseAddress = new Uri($"{address.TrimEnd('/')}/") };
        http.DefaultRequestHeaders.Add("x-functions-key", Environment.GetEnvironmentVariable(KeyVariable) ?? "");
        using var records = new ByteArrayContent(await File.ReadAllBytesAsync(line.PlanFile!, cancel)) { Headers = { ContentType = new MediaTypeHeaderValue(TypeOf(line.PlanFile!)) } };
        using var answer = await SendAsync(http, $"destinations/{Uri.EscapeDataString(line.PlanDestination!)}/plan{(line.WholeRun ? "?run=complete" : "")}", records, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The app answered {(int)answer.StatusCode}: {text}{(answer.StatusCode == System.Net.HttpStatusCode.Unauthorized ? $" Set the environment variable {KeyVariable} to the function key." : "")}");
        using var plan = JsonDocument.Parse(text);
        Console.Write(plan.RootElement.GetProperty("text").GetString());
        if (line.JsonFile is { } file) await File.WriteAllTextAsync(file, text, cancel);
        return CodeOf(plan.RootElement);
    }

    /// <param name="plan">As the API answers it.</param>
    public static int CodeOf(JsonElement plan)
    {
        var steps = plan.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("step").GetString()).ToArray();
        return steps.Contains("error") ? Errors : steps.Length > 0 ? Changes : Nothing;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, HttpContent records, CancellationToken cancel)
    {
        try
        {
            return await http.PostAsync(path, records, cancel);
        }
        catch (HttpRequestException unreachable)
        {
            throw new InvalidOperationException($"The app at {http.BaseAddress} cannot be reached: {unreachable.Message} Start it with ./build.sh start, or set the environment variable {AddressVariable}.", unreachable);
        }
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".csv" => "text/csv",
        ".ndjson" or ".jsonl" => "application/x-ndjson",
        _ => "application/json",
    };
}
