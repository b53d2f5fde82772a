using System.Text.Json;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>For people and scripts that watch a standalone simulator. Outside of limiter, ledger and credentials.</summary>
internal static class ControlRoutes
{
    public const string Prefix = "/_simulator";

    public static void Map(IEndpointRouteBuilder routes, Ledger ledger, RateWindow judged) =>
        routes.MapGet(
            $"{Prefix}/ledger/summary",
            async context =>
            {
                context.Response.ContentType = "application/json";
                var summary = new
                {
                    permits = judged.Permits,
                    windowSeconds = judged.Length.TotalSeconds,
                    keys = ledger.Summarise(judged.Permits, judged.Length),
                };
                await JsonSerializer.SerializeAsync(context.Response.Body, summary, JsonSerializerOptions.Web);
            });
}
