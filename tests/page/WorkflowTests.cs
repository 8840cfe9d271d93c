using System.Text.Json;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>What people do with running work, and that it happened at the host. Workflows only wait for an event.</summary>
public sealed class WorkflowTests(Browser browser, WaitingHost waiting)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_is_followed_found_by_filter_and_terminated_by_keyboard_alone()
    {
        LocalHost host = await waiting.HostAsync(Cancel);
        await host.Workflows.StartAsync(Retrain.Ref, new RetrainInput("a test", false, null), "retrain-keys", Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        IPage page = window.Page;
        await window.GoAsync("", "Home");

        await TabToAsync(page, "Workflows");
        await page.Keyboard.PressAsync("Enter");
        await window.Heading("Workflows").WaitForAsync();
        await TabToAsync(page, "Retraining retrain-keys");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Timeline" }).WaitForAsync();
        await TabToAsync(page, "Terminate");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("enough");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("main .pill").First).ToHaveTextAsync("Terminated");
        Assert.Equal("enough", (await host.Workflows.GetAsync("retrain-keys", Cancel))!.Output!.Value.GetString());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task An_event_is_raised_the_id_copied_and_the_ended_instance_purged()
    {
        LocalHost host = await waiting.HostAsync(Cancel);
        await host.Workflows.StartAsync(Retrain.Ref, new RetrainInput("a test", false, null), "retrain-event", Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

        await window.GoAsync("workflows/retrain-event");
        await window.PressAsync("Copy id");
        await Assertions.Expect(window.Page.Locator(".notice")).ToContainTextAsync("The id is in the clipboard.");
        Assert.Equal("retrain-event", await window.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await window.PressAsync("Raise event");
        await window.Field("Name").FillAsync("go");
        await window.Field("Data").FillAsync("not JSON");
        await window.ConfirmAsync("Raise event");
        await Assertions.Expect(window.Page.Locator(".notice.bad")).ToContainTextAsync("The data are not JSON.");
        await window.PressAsync("Raise event");
        await window.Field("Name").FillAsync("go");
        await window.Field("Data").FillAsync("{\"answer\": 42}");
        await window.ConfirmAsync("Raise event");
        await Assertions.Expect(window.Page.Locator("main .pill").First).ToHaveTextAsync("Completed");
        Assert.Contains("42", (await host.Workflows.GetAsync("retrain-event", Cancel))!.Output!.Value.GetRawText(), StringComparison.Ordinal);

        await window.PressAsync("Purge");
        await window.ConfirmAsync("Purge");
        await window.Heading("Workflows").WaitForAsync();
        Assert.Null(await host.Workflows.GetAsync("retrain-event", Cancel));
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_batch_that_is_predicted_is_cancelled()
    {
        LocalHost host = await waiting.HostAsync(Cancel);
        await host.Storage.Blob(BlobLayout.Images, "long/a.png").UploadAsync(BinaryData.FromString("x"), Cancel);
        await host.Storage.Blob(BlobLayout.Images, "long/_READY").UploadAsync(BinaryData.Empty, Cancel);
        await using Window window = await browser.OpenAsync(host.Url);

        await window.GoAsync("batches", "Batches");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "long", Exact = true }).ClickAsync();
        await window.PressAsync("Cancel");
        await window.ConfirmAsync("Cancel the batch");
        await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync("batch long was cancelled");
        WorkflowStatus batch = Assert.Single(await host.Workflows.ListAsync(new(InstanceIdPrefix: "batch-long"), Cancel));
        Assert.Equal(WorkflowRuntimeStatus.Terminated, batch.RuntimeStatus);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_training_shows_its_time_left_and_device_is_stopped_and_another_started_with_settings()
    {
        LocalHost host = await waiting.HostAsync(Cancel);
        await host.Workflows.StartAsync(TrainModel.Ref, new TrainModelInput("a test", null, false, null), "train-long", Cancel);
        await using Window window = await browser.OpenAsync(host.Url);

        await window.GoAsync("training", "Training");
        await Assertions.Expect(window.Section("Now")).ToContainTextAsync("Epoch 3 of 40, 1 min 30 s left");
        await Assertions.Expect(window.Section("Now")).ToContainTextAsync("A drawn processor, 2 threads, float32");
        await window.PressAsync("Stop");
        await window.ConfirmAsync("Stop training");
        await Assertions.Expect(window.Section("Earlier trainings")).ToContainTextAsync("Terminated");
        Assert.Equal(WorkflowRuntimeStatus.Terminated, (await host.Workflows.GetAsync("train-long", Cancel))!.RuntimeStatus);

        await window.PressAsync("Start a training");
        await window.Field("Epochs").FillAsync("7");
        await window.Field("Train even if nothing changed").CheckAsync();
        await window.ConfirmAsync("Start training");
        await Assertions.Expect(window.Page.Locator(".notice").Last).ToContainTextAsync("The training started as retrain-2");
        string started = Assert.Single(await host.Workflows.ListAsync(new(InstanceIdPrefix: "retrain-2"), Cancel)).InstanceId;
        JsonElement input = (await host.Workflows.GetAsync(started, Cancel))!.Input!.Value;
        Assert.Equal((true, 7), (input.GetProperty("force").GetBoolean(), input.GetProperty("settings").GetProperty("epochs").GetInt32()));
        Assert.Empty(window.Faults);
    }

    /// <summary>Moves the focus until an element of this name has it.</summary>
    private static async Task TabToAsync(IPage page, string name)
    {
        for (int i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("document.activeElement?.textContent ?? ''") == name)
                return;
        }

        Assert.Fail($"The Tab key does not reach '{name}'.");
    }
}
