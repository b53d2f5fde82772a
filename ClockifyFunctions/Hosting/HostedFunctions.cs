using ClockifyFunctions.Functions.DrainBacklog;
using ClockifyFunctions.Functions.IngestRecords;
using ClockifyFunctions.Functions.SweepBacklogs;

namespace ClockifyFunctions.Hosting;

/// <summary>The custom-handler front: the host posts each trigger to <c>/{FunctionName}</c>. An exception means 500, and the host abandons the messages.</summary>
internal static class HostedFunctions
{
    public static void MapHostedFunctions(this IEndpointRouteBuilder routes)
    {
        // The host's readiness probe and liveness ping.
        routes.MapGet("/", () => Results.Text(Invocation.Answer, "application/json")).NeedsNoStorage();

        routes.MapPost("/IngestRecords", async (HttpRequest request, IngestRecordsFunction function, CancellationToken cancel) =>
        {
            using var invocation = await Invocation.ReadAsync(request, cancel);
            await function.RunAsync(invocation.Messages("messages"), cancel);
            return Results.Text(Invocation.Answer, "application/json");
        }).PausesWhenItFails();
        routes.MapPost("/DrainBacklog", async (HttpRequest request, DrainBacklogFunction function, IHostApplicationLifetime lifetime, CancellationToken aborted) =>
        {
            using var invocation = await Invocation.ReadAsync(request, aborted);
            // A drain ends by itself soon after the process is asked to stop, handing over its gate. It outlives a host that has hung up.
            await function.RunAsync(invocation.Body("ticket"), redelivered: invocation.DeliveryCount > 1, lifetime.ApplicationStopping);
            return Results.Text(Invocation.Answer, "application/json");
        }).PausesWhenItFails();
        routes.MapPost("/SweepBacklogs", async (SweepBacklogsFunction function, CancellationToken cancel) =>
        {
            await function.RunAsync(cancel);
            return Results.Text(Invocation.Answer, "application/json");
        });
    }
}
